using System.Text;
using System.Text.Json.Nodes;

namespace AiPlatform.Clients.Money;

/// <summary>One call of a client, as it is sent.</summary>
/// <param name="Id">The name under which the provider notes it.</param>
/// <param name="Account">Who pays.</param>
/// <param name="Path">The route.</param>
/// <param name="Body">The body.</param>
internal sealed record MoneyCall(string Id, Account Account, string Path, byte[] Body)
{
    /// <summary>The public name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether the answer is a stream.</summary>
    public bool IsStream { get; init; }

    /// <summary>After how many pieces of a stream the client leaves; <see langword="null"/> where it stays.</summary>
    public int? LeavesAfterPieces { get; init; }

    /// <summary>Whether the client leaves before anything is answered.</summary>
    public bool LeavesAtOnce { get; init; }

    /// <summary>Whether the client asks again where it is told of trouble.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Images that are asked for; zero for other calls.</summary>
    public int Images { get; init; }
}

/// <summary>Draws calls of every kind, with and without trouble.</summary>
internal sealed class MoneyCalls(int seed, IReadOnlyList<Account> rich, Account poor)
{
    private const int MostAnswerTokens = 40;

    private static readonly (string Path, bool IsStream)[] Surfaces =
    [
        ("chat/completions", false), ("chat/completions", true), ("completions", false), ("completions", true),
        ("embeddings", false), ("images/generations", false), ("responses", false), ("responses", true), ("messages", false),
        ("messages", true),
    ];

    /// <summary>What may befall any call, in the words of a directive. Most calls are honest.</summary>
    private static readonly string[] Troubles =
    [
        "status=429 retry-after=1", "status=429 times=1", "status=500 times=1", "status=503 times=1", "status=500", "status=400",
        "status=401", "fault=reset-before times=1", "fault=reset-before", "fault=reset-after", "fault=cut", "fault=malformed", "fault=html",
        "fault=no-usage", "fault=negative-usage", "fault=hang", "delay=1",
    ];

    /// <summary>What befalls streams only.</summary>
    private static readonly string[] StreamTroubles = ["fault=cut after=5", "fault=ends after=3", "fault=malformed after=4", "fault=stall after=6"];

    // The mix is drawn again from its seed; nothing secret depends on it.
    private readonly Random _random = new(seed);

    /// <summary>Draws a number of calls.</summary>
    public IReadOnlyList<MoneyCall> Draw(int count) => [.. Enumerable.Range(0, count).Select(DrawOne)];

    private MoneyCall DrawOne(int number)
    {
        var isPoor = _random.Next(10) == 0;
        var (path, isStream) = Pick(Surfaces);
        var trouble = isPoor || _random.Next(5) < 3 ? string.Empty : Pick(isStream && _random.Next(2) == 0 ? StreamTroubles : Troubles);
        var id = $"money-{seed}-{number}";
        var reasoning = path is "chat/completions" or "responses" && _random.Next(4) == 0 ? _random.Next(1, 20) : 0;
        var cached = _random.Next(3) == 0 ? _random.Next(1, 10) : 0;
        var (written, writtenLong) = _random.Next(3) == 0 ? (_random.Next(0, 20), _random.Next(0, 20)) : (0, 0);
        var tokens = path == "embeddings"
            ? string.Empty
            : $" answer={_random.Next(8, MostAnswerTokens)} cached={cached} written={written} written-long={writtenLong} reasoning={reasoning}";
        var words = $"((upstream id={id}{tokens} prompt={cached + written + writtenLong + _random.Next(10, 80)} {trouble}))";
        var images = path == "images/generations" ? _random.Next(1, 4) : 0;
        var model = ModelFor(path);
        return new MoneyCall(id, isPoor ? poor : Pick(rich), path, Encoding.UTF8.GetBytes(Body(path, model, words, isStream, images).ToJsonString()))
        {
            Model = model,
            IsStream = isStream,
            Images = images,
            LeavesAfterPieces = trouble.StartsWith("fault=stall", StringComparison.Ordinal) ? 6 : null,
            LeavesAtOnce = trouble == "fault=hang",
            IsRepeated = trouble.Contains("times=", StringComparison.Ordinal),
        };
    }

    /// <summary>Each provider is asked in its own form and in the other's.</summary>
    private string ModelFor(string path) => path switch
    {
        "embeddings" => Pick("text-embedding-3-small", "text-embedding-3-large"),
        "images/generations" => "dall-e-3",
        "completions" => Pick("gpt-4o-mini", "gpt-4o"),
        _ => Pick("gpt-4o-mini", "gpt-4o", "claude-haiku-4-5"),
    };

    private JsonObject Body(string path, string model, string words, bool isStream, int images)
    {
        var body = new JsonObject { ["model"] = model };
        switch (path)
        {
            case "chat/completions":
                body["messages"] = new JsonArray(
                    new JsonObject { ["role"] = "system", ["content"] = "Be brief." },
                    new JsonObject { ["role"] = "user", ["content"] = words });
                break;
            case "completions":
                body["prompt"] = words;
                body["max_tokens"] = MostAnswerTokens * 10;
                break;
            case "messages":
                body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = words });
                body["max_tokens"] = MostAnswerTokens * 10;
                break;
            case "images/generations":
                (body["prompt"], body["n"]) = (words, images);
                (body["size"], body["quality"]) = (Pick("1024x1024", "1792x1024"), Pick("standard", "hd"));
                break;
            default:
                body["input"] = words;
                break;
        }

        if (isStream)
        {
            body["stream"] = true;
        }

        if (isStream && path.EndsWith("completions", StringComparison.Ordinal) && _random.Next(2) == 0)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body;
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    private Account Pick(IReadOnlyList<Account> accounts) => accounts[_random.Next(accounts.Count)];
}
