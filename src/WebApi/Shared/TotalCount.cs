using System.Globalization;

namespace AiPlatform.WebApi.Shared;

/// <summary>The header <c>X-Total-Count</c> of lists whose body has no room for it.</summary>
internal static class TotalCount
{
    /// <summary>Says how many there are on all pages together.</summary>
    public static void Set(HttpResponse response, int total) =>
        response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
}
