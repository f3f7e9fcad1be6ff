using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Keeps an instant as microseconds since 1970 in UTC: PostgreSQL's own precision.</summary>
internal sealed class UnixMicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
    instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
    microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
