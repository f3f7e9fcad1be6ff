using System.Text.Json.Nodes;
using AiPlatform.Domain.Shared;

namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>What is wrong with a field in the terms of pydantic 2, by which FastAPI refuses.</summary>
internal static class FieldFaults
{
    /// <summary>Where a field stands that is not told apart further.</summary>
    public const string Body = "body";

    /// <summary>Where values of the query stand, which are texts before they are anything else.</summary>
    public const string Query = "query";

    /// <summary>Where values of the path stand.</summary>
    public const string Path = "path";

    private static readonly Dictionary<FieldType, (string Type, string Words)> Types = new()
    {
        [FieldType.Text] = ("string", "string"),
        [FieldType.WholeNumber] = ("int", "integer"),
        [FieldType.Number] = ("float", "number"),
        [FieldType.Flag] = ("bool", "boolean"),
        [FieldType.List] = ("list", "list"),
        [FieldType.Fields] = ("dict", "dictionary"),
    };

    /// <summary>The list that is answered: one fault, because the first one ends the check.</summary>
    /// <param name="error">An error of one field.</param>
    /// <param name="place">Where the field stands.</param>
    public static JsonArray Of(Error error, string place)
    {
        var (type, words) = Describe(error, place);
        return [new JsonObject { ["loc"] = Location(error.Field!, place), ["msg"] = words, ["type"] = type }];
    }

    private static (string Type, string Words) Describe(Error error, string place) => error.Fault switch
    {
        FieldFault.Missing => ("missing", "Field required"),
        FieldFault.Mistyped { Expected: var type } when place is not Body && type is not FieldType.Text => Unparsed(type),
        FieldFault.Mistyped { Expected: var type } => ($"{Types[type].Type}_type", $"Input should be a valid {Types[type].Words}"),
        FieldFault.TooSmall { Least: var least } => ("greater_than_equal", $"Input should be greater than or equal to {least}"),
        FieldFault.TooGreat { Most: var most } => ("less_than_equal", $"Input should be less than or equal to {most}"),
        FieldFault.NoChoice { Choices: var choices } => ("literal_error", $"Input should be {AnyOf(choices)}"),
        FieldFault.Unfit { Expected: var expected } => ("value_error", $"Input should be {expected}"),
        _ => ("value_error", error.Message),
    };

    private static (string Type, string Words) Unparsed(FieldType type)
    {
        var (name, words) = Types[type];
        var article = words[0] is 'i' ? "an" : "a";
        return ($"{name}_parsing", $"Input should be a valid {words}, unable to parse string as {article} {words}");
    }

    private static string AnyOf(IReadOnlyList<string> choices)
    {
        var quoted = choices.Select(choice => $"'{choice}'").ToList();
        return quoted is [var only] ? only : $"{string.Join(", ", quoted[..^1])} or {quoted[^1]}";
    }

    /// <summary>The names on the way to a field: <c>limits.reset</c> of the body is <c>["body","limits","reset"]</c>.</summary>
    private static JsonArray Location(string field, string place) =>
        field == Body ? [Body] : [place, .. field.Split('.').Select(name => (JsonNode)name)];
}
