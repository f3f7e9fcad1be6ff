using System.ComponentModel.DataAnnotations;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Infrastructure.Commerce;

/// <summary>Configuration section <c>Plans</c>: what the paid plans cost when a new installation offers them.</summary>
public sealed class PlanOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Plans";

    private const double Most = 1_000_000;

    /// <summary>US dollars a month for the plan <c>pro</c>; 0.01 to 1,000,000, 10 by default.</summary>
    [Range(0.01, Most, ErrorMessage = "Plans:ProPrice must be US dollars a month from 0.01 to 1000000.")]
    public decimal ProPrice { get; set; } = 10;

    /// <summary>US dollars a month for the plan <c>ultra</c>; 0.01 to 1,000,000, 30 by default.</summary>
    [Range(0.01, Most, ErrorMessage = "Plans:UltraPrice must be US dollars a month from 0.01 to 1000000.")]
    public decimal UltraPrice { get; set; } = 30;

    /// <summary>How often periods that are over are looked at; 1 minute to 1 day, 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Plans:RenewalInterval must be a duration from 00:01:00 to 1.00:00:00.")]
    public TimeSpan RenewalInterval { get; set; } = TimeSpan.FromMinutes(10);

    internal static long NanoDollars(decimal dollars) => (long)(dollars * MeterUnits.PerDollar);
}
