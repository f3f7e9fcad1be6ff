using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AiPlatform.WebApi.Shared;

/// <summary>Writes instants of administrative answers: UTC with microseconds, for example <c>2025-03-05T12:00:00.123456Z</c>.</summary>
internal static class UtcText
{
    /// <summary>The instant as text.</summary>
    [return: NotNullIfNotNull(nameof(instant))]
    public static string? Of(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>The instant as text, to the second: <c>2025-03-05T12:00:00Z</c>.</summary>
    public static string ToTheSecond(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
