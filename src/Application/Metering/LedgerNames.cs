using System.Text.Json;

namespace AiPlatform.Application.Metering;

/// <summary>The names of the ledger's terms as they are written on the wire: <c>key_budget</c>, <c>capture</c>, <c>disputed</c>.</summary>
public static class LedgerNames
{
    /// <summary>The name of a term.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    /// <param name="term">The term.</param>
    public static string Of<T>(T term)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(term.ToString());

    /// <summary>The term of a name; <see langword="null"/> where there is none.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    /// <param name="name">The name.</param>
    public static T? Find<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Where(term => Of(term) == name).Cast<T?>().FirstOrDefault();

    /// <summary>All names, in the order in which the terms are declared.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}
