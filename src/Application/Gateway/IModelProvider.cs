using System.Buffers;

namespace AiPlatform.Application.Gateway;

/// <summary>The operations of OpenAI's and Anthropic's APIs that providers serve, as paths below a provider's base address.</summary>
public static class ProviderOperations
{
    /// <summary>Completes a chat.</summary>
    public const string ChatCompletions = "chat/completions";

    /// <summary>Completes a text.</summary>
    public const string Completions = "completions";

    /// <summary>Answers in the form of OpenAI's Responses API.</summary>
    public const string Responses = "responses";

    /// <summary>Completes a chat in the form of Anthropic's API.</summary>
    public const string Messages = "messages";

    /// <summary>Turns texts into vectors.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Makes images from a text.</summary>
    public const string ImageGenerations = "images/generations";
}

/// <summary>
/// One request to a provider. Bodies are bytes, so that what a client sent can pass through unread, and without being copied: they lie
/// in the memory of the call and are not read after it.
/// </summary>
/// <param name="Operation">Path below the provider's base address, one of <see cref="ProviderOperations"/>.</param>
/// <param name="UpstreamModel">The model as the provider names it; it is also in the body.</param>
/// <param name="Body">The JSON body.</param>
public sealed record ProviderCall(string Operation, string UpstreamModel, ReadOnlySequence<byte> Body)
{
    /// <summary>
    /// Whether the body asks for a stream. A stream of events may last ten minutes at most, and no read of it may wait for longer than
    /// the provider's idle time-out; an answer that comes whole all the same has the time of one.
    /// </summary>
    public bool IsStream { get; init; }

    /// <summary>
    /// Headers of the client's request for the provider, such as <c>anthropic-beta</c>. A provider passes on those that its API
    /// documents and leaves out every other; what the configuration says of a header comes first.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

/// <summary>Serves models: a host that speaks OpenAI's or Anthropic's API, or the Sandbox.</summary>
public interface IModelProvider
{
    /// <summary>The name under which it is configured.</summary>
    string Name { get; }

    /// <summary>Whether the provider has an operation of its own, so that a request for it can be passed on as it is.</summary>
    /// <param name="operation">One of <see cref="ProviderOperations"/>.</param>
    bool Serves(string operation);

    /// <summary>Sends a request and answers as soon as the status is known; the body is still to be read.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Cancels the request upstream, up to the answer's status; the body has its own token.</param>
    /// <returns>The answer, whatever its status. The caller disposes it.</returns>
    /// <exception cref="ProviderUnreachableException">No answer came.</exception>
    Task<ProviderReply> SendAsync(ProviderCall call, CancellationToken cancellationToken);
}

/// <summary>A way to serve a model that is open now.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="UpstreamModel">The model as the provider names it.</param>
public sealed record ServingRoute(IModelProvider Provider, string UpstreamModel);

/// <summary>The providers that can be called in this process.</summary>
public interface IModelProviders
{
    /// <summary>
    /// The ways to serve a model, in order of preference; none where no provider of it is configured. The Sandbox is the only
    /// way or not one at all: it never stands in for a configured provider that fails.
    /// </summary>
    /// <param name="model">The model.</param>
    IReadOnlyList<ServingRoute> RoutesOf(CatalogueModel model);

    /// <summary>Whether a configured provider serves the model; the Sandbox does not count.</summary>
    /// <param name="model">The model.</param>
    bool IsConfigured(CatalogueModel model);
}
