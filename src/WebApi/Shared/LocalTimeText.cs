using System.Globalization;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.Shared;

/// <summary>Writes instants as seed 000's clients read them: in the platform's time zone (surfaces.md §1).</summary>
/// <param name="options">The zone.</param>
public sealed class LocalTimeText(IOptions<PlatformOptions> options)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>Local time without an offset, for example <c>2025-03-05T14:00:00.123456</c>; whole seconds have no fraction.</summary>
    /// <param name="instant">The instant.</param>
    public string Naive(DateTimeOffset instant)
    {
        var local = Local(instant);
        var format = local.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.ffffff";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Local time with its offset, for example <c>2025-03-05 14:00:00 +0200</c>.</summary>
    /// <param name="instant">The instant.</param>
    public string WithOffset(DateTimeOffset instant) => $"{Seconds(instant)} {Offset(instant)}";

    /// <summary>Local time with the zone's name and offset, for example <c>2025-03-05 14:00:00 SAST+0200</c>.</summary>
    /// <param name="instant">The instant.</param>
    public string WithZone(DateTimeOffset instant) =>
        $"{Seconds(instant)} {(_zone.Id == "Africa/Johannesburg" ? "SAST" : string.Empty)}{Offset(instant)}";

    private DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone);

    private string Seconds(DateTimeOffset instant) => Local(instant).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private string Offset(DateTimeOffset instant) => Local(instant).ToString("zzz", CultureInfo.InvariantCulture).Replace(":", string.Empty, StringComparison.Ordinal);
}
