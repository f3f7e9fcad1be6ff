using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The rules of the fields that are read of a request in the form of a model API, whichever route it comes by.</summary>
internal static class RelayFields
{
    private static readonly (Func<RelayCommand, bool> Holds, Error Error)[] Rules =
    [
        (command => command.Model.IsGiven && IsModel(command.Model.Value),
            RelayErrors.Mistyped("model", $"a string of 1 to {RelayCommand.MaxModelLength} printable ASCII characters")),
        (command => !command.Stream.IsMistyped, RelayErrors.Mistyped("stream", "true or false")),
        Limit("max_tokens", command => command.MaxTokens),
        Limit("max_completion_tokens", command => command.MaxCompletionTokens),
        Limit("max_output_tokens", command => command.MaxOutputTokens),
        Count("n", command => command.N),
        Count("best_of", command => command.BestOf),
        (command => !command.IsStream || command.Rules.CanStream,
            RelayErrors.Mistyped("stream", "false: this operation does not stream")),
        (command => !command.Rules.NeedsLimit || command.AskedLimit is not null,
            RelayErrors.Mistyped("max_tokens", "a whole number of 1 or more")),
        Word("size", command => command.Size),
        Word("quality", command => command.Quality),
    ];

    /// <summary>What the rules refuse, in their order.</summary>
    public static Error[] Refusals { get; } = [.. Rules.Select(rule => rule.Error)];

    /// <summary>The first rule that a request breaks; <see langword="null"/> where it breaks none.</summary>
    /// <param name="command">The request.</param>
    public static Error? RefusalOf(RelayCommand command)
    {
        foreach (var (holds, error) in Rules)
        {
            if (!holds(command))
            {
                return error;
            }
        }

        return null;
    }

    // A header of the answer names the model, and headers take no other characters.
    private static bool IsModel(string model) =>
        model.Length is > 0 and <= RelayCommand.MaxModelLength && model.All(character => character is >= ' ' and <= '~');

    private static (Func<RelayCommand, bool> Holds, Error Error) Limit(string name, Func<RelayCommand, Supplied<int>> field) => (
        command => field(command).IsLeftOut || field(command).Or(0) >= 1,
        RelayErrors.Mistyped(name, "a whole number of 1 or more"));

    private static (Func<RelayCommand, bool> Holds, Error Error) Count(string name, Func<RelayCommand, Supplied<int>> field) => (
        command => field(command).IsLeftOut || field(command).Or(0) is >= 1 and <= RelayCommand.MaxCount,
        RelayErrors.Mistyped(name, $"a whole number from 1 to {RelayCommand.MaxCount}"));

    private static (Func<RelayCommand, bool> Holds, Error Error) Word(string name, Func<RelayCommand, Supplied<string>> field) => (
        command => !field(command).IsMistyped && field(command).Or(string.Empty).Length <= ImagePrice.MaxWordLength,
        RelayErrors.Mistyped(name, $"a string of at most {ImagePrice.MaxWordLength} characters"));
}
