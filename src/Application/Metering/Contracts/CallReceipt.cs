using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>What a call took of the accounts that count one thing.</summary>
/// <param name="Meter">What they count.</param>
/// <param name="Paid">What each of them paid, in the meter's smallest unit.</param>
/// <param name="Available">What is left where least is left.</param>
public readonly record struct MeterReceipt(Meter Meter, long Paid, long Available);

/// <summary>What a call cost, as it was committed.</summary>
/// <param name="Meters">One line a meter.</param>
public sealed record CallReceipt(IReadOnlyList<MeterReceipt> Meters)
{
    /// <summary>What it cost, each thing once: a wallet and the budgets over it count the same money.</summary>
    public Saving Total => new(
        Meters.Where(meter => MeterUnits.IsMoney(meter.Meter)).Select(meter => meter.Paid).DefaultIfEmpty().Max(),
        Meters.Where(meter => meter.Meter is Meter.Credits).Sum(meter => meter.Paid));
}
