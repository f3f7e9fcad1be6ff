using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Keeps an instant as microseconds since 1970 in UTC: PostgreSQL's own precision.</summary>
internal sealed class UnixMicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
    instant => UnixMicroseconds.FromInstant(instant), microseconds => UnixMicroseconds.ToInstant(microseconds));

/// <summary>Instants as microseconds since 1970 in UTC.</summary>
internal static class UnixMicroseconds
{
    public static long FromInstant(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
