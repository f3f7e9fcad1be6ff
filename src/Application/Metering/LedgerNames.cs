using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>How owners and meters are called on the wire, in <c>snake_case</c>.</summary>
public static class LedgerNames
{
    private static readonly Dictionary<string, OwnerKind> OwnerKinds = Names<OwnerKind>();

    private static readonly Dictionary<string, Meter> MetersByName = Names<Meter>();

    /// <summary>What owns accounts, for a message.</summary>
    public static string AllOwnerKinds { get; } = string.Join(", ", OwnerKinds.Keys);

    /// <summary>What a kind of owner is called.</summary>
    /// <param name="kind">The kind.</param>
    public static string Of(OwnerKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>What a meter is called.</summary>
    /// <param name="meter">The meter.</param>
    public static string Of(Meter meter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(meter.ToString());

    /// <summary>Several meters, for a message.</summary>
    /// <param name="meters">The meters.</param>
    public static string Of(IEnumerable<Meter> meters) => string.Join(", ", meters.Select(Of));

    /// <summary>What the amounts of a meter count.</summary>
    /// <param name="meter">The meter.</param>
    public static string UnitOf(Meter meter) => meter switch
    {
        Meter.Credits => "credit_thousandths",
        Meter.Wallet or Meter.KeyBudget or Meter.TeamBudget => "nano_usd",
        Meter.Tokens or Meter.TokensPerMinute => "tokens",
        Meter.Conversations => "conversations",
        Meter.RequestsPerMinute => "requests",
        _ => throw new ArgumentOutOfRangeException(nameof(meter), meter, null),
    };

    internal static OwnerKind? OwnerKindOf(Supplied<string> name) =>
        OwnerKinds.TryGetValue(name.Or(string.Empty), out var kind) ? kind : null;

    internal static Meter? MeterOf(Supplied<string> name) => MetersByName.TryGetValue(name.Or(string.Empty), out var meter) ? meter : null;

    internal static Guid? IdOf(Supplied<string> id) => Guid.TryParseExact(id.Or(string.Empty), "D", out var parsed) ? parsed : null;

    private static Dictionary<string, T> Names<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
