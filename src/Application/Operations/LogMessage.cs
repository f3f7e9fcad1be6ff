using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Operations;

/// <summary>Logs a conversation that took place elsewhere; it costs nothing.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(MessageLogErrors), nameof(MessageLogErrors.Busy))]
[OmitBodiesFromAudit]
public sealed record LogMessageCommand : IRequest
{
    /// <summary>Most messages of one conversation.</summary>
    public const int MaxMessages = 1000;

    /// <summary>The model.</summary>
    /// <example>gpt-3.5-turbo</example>
    [Required]
    [MaxLength(MessageLog.MaxModelLength)]
    public Supplied<string> Model { get; init; }

    /// <summary>The messages, oldest first.</summary>
    [Required]
    [MaxLength(MaxMessages)]
    public Supplied<IReadOnlyList<LoggedMessage>> Messages { get; init; }

    /// <summary>Whether the model was used for research; not by default.</summary>
    public Supplied<bool> ResearchModel { get; init; }
}

/// <summary>One message.</summary>
public sealed record LoggedMessage
{
    /// <summary>Longest role, in characters.</summary>
    public const int MaxRoleLength = 50;

    /// <summary>Who speaks.</summary>
    /// <example>user</example>
    [Required]
    [MaxLength(MaxRoleLength)]
    public Supplied<string> Role { get; init; }

    /// <summary>What is said.</summary>
    /// <example>Hello</example>
    [Required]
    public Supplied<string> Content { get; init; }

    internal bool IsWhole => Role is { IsGiven: true, Value.Length: >= 1 and <= MaxRoleLength } && Content.IsGiven;
}

internal sealed class LogMessageValidator : FieldRules<LogMessageCommand>
{
    public LogMessageValidator()
    {
        RequireField(
            "model",
            command => command.Model,
            text => text.Length is >= 1 and <= MessageLog.MaxModelLength,
            $"a string of 1 to {MessageLog.MaxModelLength} characters");
        RequireField(
            "messages",
            command => command.Messages,
            messages => messages.Count is >= 1 and <= LogMessageCommand.MaxMessages && messages.All(message => message.IsWhole),
            $"a list of 1 to {LogMessageCommand.MaxMessages} objects with role and content");
        RequireValue("research_model", command => command.ResearchModel, "true or false", optional: true);
    }
}

internal sealed class LogMessageHandler(IMessageLog log, IPeople people, CallRecord record, TimeProvider time)
    : IRequestHandler<LogMessageCommand, Unit>
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<Unit> Handle(LogMessageCommand command, CancellationToken cancellationToken)
    {
        var userId = record.RequiredCaller.UserId;
        var person = await people.FindAsync(userId, cancellationToken) ?? throw new RefusedException(CredentialErrors.Invalid);
        var messages = JsonSerializer.Serialize(
            command.Messages.Value.Select(message => new { role = message.Role.Value, content = message.Content.Value }), Json);
        var entry = new MessageLog(userId, person.Username, person.Email, command.Model.Value, messages, time.GetUtcNow());
        if (command.ResearchModel.Or(false))
        {
            entry.MarkAsResearch();
        }

        await log.StoreAsync(entry, cancellationToken);
        return Unit.Value;
    }
}
