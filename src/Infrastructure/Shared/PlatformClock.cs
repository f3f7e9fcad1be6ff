using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

internal sealed class PlatformClock(TimeProvider time, IOptions<PlatformOptions> options) : IPlatformClock
{
    public DateTimeOffset Now => time.GetUtcNow();

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    public CalendarMonth CurrentMonth() => CalendarMonth.Of(Now, Zone);
}
