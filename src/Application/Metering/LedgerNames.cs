using System.Collections.Frozen;
using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>The names of the ledger's terms as they are written on the wire: <c>key_budget</c>, <c>capture</c>, <c>disputed</c>.</summary>
public static class LedgerNames
{
    /// <summary>The name of a term.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    /// <param name="term">The term.</param>
    public static string Of<T>(T term)
        where T : struct, Enum => Names<T>.ByTerm[term];

    /// <summary>Several meters, for a message.</summary>
    /// <param name="meters">The meters.</param>
    public static string Of(IEnumerable<Meter> meters) => string.Join(", ", meters.Select(Of));

    /// <summary>The term of a name; <see langword="null"/> where there is none.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    /// <param name="name">The name.</param>
    public static T? Find<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Where(term => Of(term) == name).Cast<T?>().FirstOrDefault();

    /// <summary>All names, in the order in which the terms are declared.</summary>
    /// <typeparam name="T">What kind of term.</typeparam>
    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));

    /// <summary>What the amounts of a meter count.</summary>
    /// <param name="meter">The meter.</param>
    public static string UnitOf(Meter meter) => meter switch
    {
        Meter.Credits => "credit_thousandths",
        Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => "nano_usd",
        Meter.Tokens or Meter.TokensPerMinute => "tokens",
        Meter.Conversations => "conversations",
        Meter.RequestsPerMinute => "requests",
        _ => throw new ArgumentOutOfRangeException(nameof(meter), meter, null),
    };

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByTerm =
            Enum.GetValues<T>().ToFrozenDictionary(term => term, term => JsonNamingPolicy.SnakeCaseLower.ConvertName(term.ToString()));
    }

    internal static OwnerKind? OwnerKindOf(Supplied<string> name) => Find<OwnerKind>(name.Or(string.Empty));

    internal static Meter? MeterOf(Supplied<string> name) => Find<Meter>(name.Or(string.Empty));

    internal static Guid? IdOf(Supplied<string> id) => Guid.TryParseExact(id.Or(string.Empty), "D", out var parsed) ? parsed : null;
}
