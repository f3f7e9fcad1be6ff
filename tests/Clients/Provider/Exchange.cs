using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients.Provider;

/// <summary>How an exchange ended, as the provider saw it.</summary>
internal enum Outcome
{
    /// <summary>It is still under way.</summary>
    Open,

    /// <summary>Everything was written.</summary>
    Whole,

    /// <summary>It was answered with an error's status.</summary>
    Refused,

    /// <summary>The provider broke it, or answered what nobody can read.</summary>
    Broken,

    /// <summary>The client left first.</summary>
    ClientLeft,
}

/// <summary>One request and what the provider did with it: the independent record of what has to be paid.</summary>
internal sealed class Exchange(int number, string operation, UpstreamRequest request, Directive directive)
{
    private readonly Lock _writing = new();
    private readonly List<string> _pieces = [];

    /// <summary>Its place in the log, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>The last words of the path: <c>chat/completions</c>, <c>completions</c>, <c>embeddings</c> and so on.</summary>
    public string Operation { get; } = operation;

    public UpstreamRequest Request { get; } = request;

    /// <summary>What its prompt asked for; without trouble where the trouble was over.</summary>
    public Directive Directive { get; } = directive;

    public int Status { get; set; }

    public Outcome Outcome { get; set; }

    /// <summary>The last usage that was on the wire; <see langword="null"/> where none was.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The text of an answer that was delivered whole.</summary>
    public string Text { get; set; } = string.Empty;

    /// <summary>The pieces of text that a stream had delivered.</summary>
    public IReadOnlyList<string> Pieces
    {
        get
        {
            lock (_writing)
            {
                return [.. _pieces];
            }
        }
    }

    public void Deliver(string piece)
    {
        lock (_writing)
        {
            _pieces.Add(piece);
        }
    }

    /// <summary>What a client in another process is told of it. Header names are in lower case.</summary>
    public JsonObject Describe() => new()
    {
        ["operation"] = Operation,
        ["path"] = Request.Path,
        ["headers"] = new JsonObject(Request.Headers.Select(header => KeyValuePair.Create(
            header.Key.ToLowerInvariant(), (JsonNode?)header.Value))),
        ["body"] = Request.Json,
        ["status"] = Status,
        ["outcome"] = Outcome.ToString(),
        ["pieces"] = Pieces.Count,
    };
}
