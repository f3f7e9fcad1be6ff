using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Content;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Content;

/// <summary>Answers a question from the indexed documents.</summary>
/// <param name="Query" example="How long is the notice period?">The question.</param>
/// <param name="IncludeSources">Whether the answer lists its sources.</param>
[RequireCredential(CredentialKind.AccessToken)]
[Refuses(typeof(RagErrors), nameof(RagErrors.NothingIndexed), nameof(RagErrors.QueryFailed))]
public sealed record QueryDocumentsQuery(
    [property: Required, MaxLength(QueryDocumentsValidator.MaxQueryLength)] Supplied<string> Query,
    [property: DefaultValue(true)] Supplied<bool> IncludeSources) : IRequest<DocumentAnswer>, IMeteredRequest;

/// <summary>An answer from the documents.</summary>
/// <param name="Answer">The text, with the sources at its end where they were asked for.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="BotType">What the assistant is called.</param>
/// <param name="Provider">The provider that served it.</param>
/// <param name="Usage">Tokens that the provider counted.</param>
/// <param name="ConversationId">Names this answer; nothing is kept under it.</param>
/// <param name="Sources">The documents that the model was shown, each once, best first.</param>
public sealed record DocumentAnswer(
    string Answer, Caller Caller, string BotType, string Provider, TokenUsage Usage, Guid ConversationId, IReadOnlyList<string> Sources);

internal sealed class QueryDocumentsValidator : OrderedValidator<QueryDocumentsQuery>
{
    public const int MaxQueryLength = 4000;

    public QueryDocumentsValidator()
    {
        RequireBody();
        Require(
            query => query.Query.IsGiven && !string.IsNullOrWhiteSpace(query.Query.Value),
            RequestErrors.Invalid("Missing required field: query"));
        Require(
            query => query.Query.Value.Length <= MaxQueryLength,
            RequestErrors.Invalid($"query must be at most {MaxQueryLength} characters"));
        Require(query => query.IncludeSources.IsAbsentOr(_ => true), RequestErrors.Invalid("include_sources must be a boolean"));
    }
}

/// <summary>Which passages a model will be shown is not known yet; how long they can be is. The search itself costs the caller nothing.</summary>
internal sealed class QueryDocumentsBound(IModelBounds bounds, RagSettings settings) : ICallBound<QueryDocumentsQuery>
{
    public ModelCallBound Of(QueryDocumentsQuery request) =>
        bounds.OfChat(settings.ChatModel, GroundedPrompt.MostTokens(settings.BotType, request.Query.Value.Trim()), maxTokens: null);
}

internal sealed class QueryDocumentsHandler(
    PassageFinder passages, IModelGateway gateway, RagSettings settings, CallRecord call, TimeProvider time)
    : IRequestHandler<QueryDocumentsQuery, DocumentAnswer>
{
    /// <summary>Low, so that the model keeps to the context.</summary>
    private const double Temperature = 0.1;

    public async Task<DocumentAnswer> Handle(QueryDocumentsQuery request, CancellationToken cancellationToken)
    {
        var question = request.Query.Value.Trim();
        var found = await passages.FindAsync(question, call.RequiredCaller.UserId, cancellationToken);
        var answer = await AskAsync(question, found, cancellationToken);
        var sources = found.Select(passage => passage.Source).Distinct(StringComparer.Ordinal).ToList();
        return new DocumentAnswer(
            request.IncludeSources.Or(true) ? GroundedPrompt.WithSources(answer.Text, sources) : answer.Text,
            call.RequiredCaller,
            settings.BotType,
            answer.Provider,
            answer.Usage,
            Guid.CreateVersion7(time.GetUtcNow()),
            sources);
    }

    private async Task<ChatAnswer> AskAsync(string question, IReadOnlyList<Passage> found, CancellationToken cancellationToken)
    {
        var prompt = new ChatPrompt(settings.ChatModel, GroundedPrompt.Compose(settings.BotType, question, found))
        {
            Temperature = Temperature,
            MaxTokens = call.AnswerLimit,
        };
        try
        {
            var answer = await gateway.CompleteAsync(prompt, cancellationToken);
            call.Deliver(new Delivery(prompt.Model, answer.Provider, TokenBounds.UsageOf(prompt, answer)));
            return answer;
        }
        catch (RefusedException failure)
        {
            // The surface documents one answer for every failure of the provider.
            throw new RefusedException(RagErrors.QueryFailed with { RetryAfter = failure.Error.RetryAfter }, failure);
        }
    }
}
