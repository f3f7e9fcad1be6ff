using System.Globalization;

namespace AiPlatform.WebApi.Shared;

/// <summary>Writes instants as ISO 8601 in UTC, to the second.</summary>
internal static class UtcText
{
    public static string Of(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
