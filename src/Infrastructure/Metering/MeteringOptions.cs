using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Configuration section <c>Metering</c>.</summary>
public sealed class MeteringOptions : IWalletPolicy
{
    /// <summary>The section's name.</summary>
    public const string Section = "Metering";

    /// <summary>How long a hold may await its outcome; 1 minute to 1 day, 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Metering:HoldExpiry must be a duration from 00:01:00 to 1.00:00:00.")]
    public TimeSpan HoldExpiry { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the answer of a call with an <c>Idempotency-Key</c> is kept; 1 minute to 30 days, 1 day by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Metering:IdempotencyLifetime must be a duration from 00:01:00 to 30.00:00:00.")]
    public TimeSpan IdempotencyLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often expired holds are resolved and expired answers removed; 1 second to 1 hour, 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Metering:SweepInterval must be a duration from 00:00:01 to 01:00:00.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the journal waits for more steps before it commits; 0 to 100 ms. At 0, the default, the steps that arrive
    /// during one commit make up the next.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:00.1", ErrorMessage = "Metering:BatchWindow must be a duration from 00:00:00 to 00:00:00.1.")]
    public TimeSpan BatchWindow { get; set; } = TimeSpan.Zero;

    /// <summary>Most steps in one commit; 1 (a transaction a step) to 4,096, 512 by default.</summary>
    [Range(1, 4096, ErrorMessage = "Metering:MaxBatch must be a number from 1 to 4096.")]
    public int MaxBatch { get; set; } = 512;

    /// <summary>Most steps that wait; one more hold is answered 503. 16 to 1,000,000, 10,000 by default.</summary>
    [Range(16, 1_000_000, ErrorMessage = "Metering:QueueCapacity must be a number from 16 to 1000000.")]
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>How long steps wait for a database that has gone away before they fail; 0 to 5 minutes, 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Metering:OutagePatience must be a duration from 00:00:00 to 00:05:00.")]
    public TimeSpan OutagePatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What the wallet of somebody who first signs in with Google holds, in US cents; 0 to 1,000,000, 500 by default.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Metering:NewcomerWalletCents must be a number from 0 to 1000000.")]
    public int NewcomerWalletCents { get; set; } = 500;

    long IWalletPolicy.NewcomerBalance => NewcomerWalletCents * MeterUnits.PerCent;
}
