using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

internal sealed class PlatformClock(TimeProvider time, IOptions<PlatformOptions> options) : IPlatformClock
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    public DateTimeOffset Now => time.GetUtcNow();

    public CalendarMonth CurrentMonth() => CalendarMonth.Of(Now, _zone);
}
