using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Where between the lowest and the highest of all models the one for a request should be; 0.5 where it is not said.</summary>
public sealed record AutoPreferences
{
    /// <summary>Of the price: 0 is the cheapest, 1 the dearest.</summary>
    /// <example>0.2</example>
    [Range(0.0, 1.0)]
    public Supplied<double> Cost { get; init; }

    /// <summary>Of the quality: 1 is the best.</summary>
    /// <example>0.8</example>
    [Range(0.0, 1.0)]
    public Supplied<double> Quality { get; init; }

    /// <summary>Of the time to the first word: 0 is the fastest.</summary>
    /// <example>0.1</example>
    [Range(0.0, 1.0)]
    public Supplied<double> Latency { get; init; }

    internal ChoicePoint Point => new(Cost.Or(ChoicePoint.Middle), Quality.Or(ChoicePoint.Middle), Latency.Or(ChoicePoint.Middle));
}

/// <summary>The rules of <c>auto</c>, which is the platform's own field where the model is called so, and any other field otherwise.</summary>
internal static class AutoFields
{
    /// <summary>The field, and the name of the model that is no model.</summary>
    public const string Name = "auto";

    private const int MaxRepeated = 50;

    private static readonly (string Name, Func<AutoPreferences, Supplied<double>> Field)[] Weights =
        [("cost", wanted => wanted.Cost), ("quality", wanted => wanted.Quality), ("latency", wanted => wanted.Latency)];

    private static readonly string[] WeightNames = Array.ConvertAll(Weights, weight => weight.Name);

    private static readonly Error NoObject = RelayErrors.Mistyped(Name, "an object with cost, quality and latency, each 0 to 1");

    /// <summary>What the rules refuse, in their order.</summary>
    public static Error[] Refusals { get; } = [NoObject, .. Weights.Select(weight => WrongWeight(weight.Name)), Unknown("<field>")];

    /// <summary>Whether a request leaves the choice of its model to the platform.</summary>
    /// <param name="command">The request.</param>
    public static bool IsAsked(RelayCommand command) => command.Rules.WritesText && IsName(command.Model.Value);

    /// <summary>Whether a name is that of the model that is no model.</summary>
    /// <param name="model">The name.</param>
    public static bool IsName(string model) => model.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The first rule that a request breaks; <see langword="null"/> where it breaks none.</summary>
    /// <param name="command">The request.</param>
    /// <param name="body">Its body, one JSON object.</param>
    public static Error? RefusalOf(RelayCommand command, ReadOnlyMemory<byte> body)
    {
        if (!IsAsked(command) || command.Auto.IsLeftOut)
        {
            return null;
        }

        if (command.Auto.IsMistyped)
        {
            return NoObject;
        }

        foreach (var (name, field) in Weights)
        {
            if (!field(command.Auto.Value).IsAbsentOr(value => value is >= 0 and <= 1))
            {
                return WrongWeight(name);
            }
        }

        return JsonMembers.FirstOtherThan(JsonMembers.Find(body, Name), WeightNames) is { } other ? Unknown(other) : null;
    }

    private static Error WrongWeight(string name) => RelayErrors.Mistyped($"{Name}.{name}", "a number from 0 to 1");

    private static Error Unknown(string name) =>
        RelayErrors.Mistyped($"{Name}.{AuditText.Cut(name, MaxRepeated)}", "left out: there are cost, quality and latency");
}
