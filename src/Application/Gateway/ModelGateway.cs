using System.Buffers;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Gateway;

/// <summary>Words prompts for providers and reads their answers.</summary>
internal sealed partial class ModelGateway(
    IModelCatalogue catalogue, IModelProviders providers, ModelDispatcher dispatcher, ILogger<ModelGateway> logger)
    : IModelGateway, IImageModels
{
    /// <summary>Most texts of one embedding request.</summary>
    public const int MaxEmbeddedTexts = 64;

    private const int MiB = 1024 * 1024;
    private const int LargestChatAnswer = 4 * MiB;
    private const int LargestEmbeddingAnswer = 16 * MiB;
    private const int LargestImageAnswer = 32 * MiB;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public async Task<ChatAnswer> CompleteAsync(ChatPrompt prompt, CancellationToken cancellationToken) =>
        (await CompleteFirstAsync([prompt], cancellationToken)).Answer;

    /// <summary>Completes a chat with the first of some models that can be reached: each is asked where nobody can have done the work before.</summary>
    /// <param name="prompts">The same chat for each model, in order.</param>
    /// <param name="cancellationToken">Cancels the call upstream.</param>
    /// <returns>The answer, and the prompt of the model that gave it.</returns>
    /// <exception cref="RefusedException">A provider refused the request, all of them failed, or none is configured.</exception>
    public async Task<(ChatPrompt Prompt, ChatAnswer Answer)> CompleteFirstAsync(IReadOnlyList<ChatPrompt> prompts, CancellationToken cancellationToken)
    {
        Dispatched outcome = new Dispatched.NotServed();
        foreach (var prompt in prompts)
        {
            if (Find(prompt.Model, ModelCapability.Chat) is not { } model)
            {
                continue;
            }

            outcome = await SendAsync(
                model,
                ProviderOperations.ChatCompletions,
                upstreamModel => OpenAiBodies.Chat(prompt, upstreamModel, model.OutputLimitField),
                cancellationToken);
            if (!outcome.IsUndone)
            {
                return (prompt, await ReadAsync(
                    outcome,
                    ProviderOperations.ChatCompletions,
                    (reply, body) => OpenAiAnswers.Read(body, answer => OpenAiAnswers.Chat(answer, reply.Provider)),
                    LargestChatAnswer,
                    cancellationToken));
            }
        }

        throw Refusal(outcome);
    }

    public bool CanEmbed(string model) =>
        Find(model, ModelCapability.Embeddings) is { } found && providers.IsConfigured(found);

    public async Task<EmbeddingAnswer> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(texts.Count, MaxEmbeddedTexts);
        var found = Find(model, ModelCapability.Embeddings) ?? throw new RefusedException(GatewayErrors.NotConfigured);
        return await AskAsync(
            found,
            ProviderOperations.Embeddings,
            upstreamModel => OpenAiBodies.Embeddings(texts, upstreamModel),
            (_, body) => OpenAiAnswers.Read(body, answer => OpenAiAnswers.Embeddings(answer, texts.Count)),
            LargestEmbeddingAnswer,
            cancellationToken);
    }

    public async Task<GeneratedImage> GenerateAsync(ImagePrompt prompt, CancellationToken cancellationToken)
    {
        var model = Find(prompt.Model, ModelCapability.Images) ?? throw new RefusedException(GatewayErrors.NotConfigured);
        return await AskAsync(
            model,
            ProviderOperations.ImageGenerations,
            upstreamModel => OpenAiBodies.Image(prompt, upstreamModel),
            (reply, body) => OpenAiAnswers.Read(body, answer => OpenAiAnswers.Image(answer, reply.Provider) is { } image
                && image.Png.Span.StartsWith(PngSignature) ? image : null),
            LargestImageAnswer,
            cancellationToken);
    }

    private CatalogueModel? Find(string name, ModelCapability capability) =>
        catalogue.Find(name) is { } model && model.Capabilities.Contains(capability) ? model : null;

    private async Task<T> AskAsync<T>(
        CatalogueModel model,
        string operation,
        Func<string, ReadOnlyMemory<byte>> bodyFor,
        Func<ProviderReply, ReadOnlyMemory<byte>, T> read,
        int largestAnswer,
        CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(model, operation, bodyFor, cancellationToken);
        return await ReadAsync(outcome, operation, read, largestAnswer, cancellationToken);
    }

    private Task<Dispatched> SendAsync(
        CatalogueModel model, string operation, Func<string, ReadOnlyMemory<byte>> bodyFor, CancellationToken cancellationToken) =>
        dispatcher.SendAsync(
            model,
            route => route.Provider.Serves(operation)
                ? new ProviderCall(operation, route.UpstreamModel, new ReadOnlySequence<byte>(bodyFor(route.UpstreamModel)))
                : null,
            cancellationToken);

    private async Task<T> ReadAsync<T>(
        Dispatched outcome, string operation, Func<ProviderReply, ReadOnlyMemory<byte>, T> read, int largestAnswer, CancellationToken cancellationToken)
    {
        await using var reply = outcome is Dispatched.Answered answered ? answered.Reply : throw Refusal(outcome);
        using var buffers = new BodyBuffers();
        try
        {
            return read(reply, await reply.ReadBodyAsync(buffers, largestAnswer, cancellationToken));
        }
        catch (Exception useless) when (useless is ProviderUnreachableException or FormatException)
        {
            LogUseless(useless, reply.Provider, operation, reply.ProviderRequestId);
            throw new RefusedException(GatewayErrors.Failed(retryAfter: null), useless);
        }
    }

    private static RefusedException Refusal(Dispatched outcome) => outcome switch
    {
        Dispatched.NotServed => new RefusedException(GatewayErrors.NotConfigured),
        Dispatched.Rejected { Rejection: { Status: 400 or 422 } rejection } => new RefusedException(GatewayErrors.RejectedWith(rejection.Body)),
        Dispatched.Rejected { Rejection: var rejection } => new RefusedException(GatewayErrors.Failed(rejection.RetryAfter)),
        Dispatched.Failed { Cause: { } cause } failed => new RefusedException(GatewayErrors.Failed(failed.RetryAfter), cause),
        Dispatched.Failed failed => new RefusedException(GatewayErrors.Failed(failed.RetryAfter)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Provider {Provider} gave a useless answer to {Operation} (its request id: {ProviderRequestId})")]
    private partial void LogUseless(Exception exception, string provider, string operation, string? providerRequestId);
}
