using System.Text.Json;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Brings a provider's answer to the caller, event by event or whole, and notes what was delivered.</summary>
/// <param name="streams">Relays events.</param>
/// <param name="buffers">Where a whole answer lies.</param>
/// <param name="record">Where the delivery is noted.</param>
internal sealed class AnswerRelay(StreamRelay streams, BodyBuffers buffers, CallRecord record)
{
    /// <summary>Relays an answer.</summary>
    /// <param name="leg">The request and the route that answers it.</param>
    /// <param name="reply">The provider's answer.</param>
    /// <param name="largest">Most bytes of an answer that is not streamed.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="RefusedException">The answer is of no use, and nothing of it has reached the caller.</exception>
    public Task<RelayReply> RelayAsync(RelayLeg leg, ProviderReply reply, int largest, CancellationToken cancellationToken) =>
        leg.Request.IsStream && IsEventStream(reply)
            ? streams.RelayAsync(leg, reply, cancellationToken)
            : ReadAsync(leg, reply, largest, cancellationToken);

    private static bool IsEventStream(ProviderReply reply) =>
        reply.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    private async Task<RelayReply> ReadAsync(RelayLeg leg, ProviderReply reply, int largest, CancellationToken cancellationToken)
    {
        try
        {
            var json = await reply.ReadBodyAsync(buffers, largest, cancellationToken);
            var meter = leg.NewMeter();
            Note(json, meter);
            var answer = leg.Translation?.Answer(json) ?? json;
            record.Deliver(new Delivery(leg.Model, leg.Provider, UsageOf(leg.Request, meter)));
            return new RelayReply(answer, leg.Provider, leg.Model);
        }
        catch (Exception useless) when (useless is ProviderUnreachableException or FormatException)
        {
            throw new RefusedException(RelayErrors.Of(useless), useless);
        }
    }

    private static void Note(ReadOnlyMemory<byte> json, AnswerMeter meter)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonMembers.MaxDepth });
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw new FormatException("The answer is no JSON object.");
            }

            meter.NoteWhole(document.RootElement);
            if (!meter.HasAnswer)
            {
                throw new FormatException("There is nothing of an answer in it.");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member's name is half a surrogate pair.
            throw new FormatException("The answer is not readable JSON.", unreadable);
        }
    }

    /// <summary>Images that did not come are not paid, and none beyond those that were asked for.</summary>
    private static ModelUsage UsageOf(RelayCommand request, AnswerMeter meter)
    {
        if (request.Operation is not RelayedOperation.ImageGenerations)
        {
            return meter.Usage();
        }

        var asked = RelayBound.ImagesOf(request);
        return meter.Usage() with { Images = asked with { Count = Math.Min(asked.Count, meter.Items) } };
    }
}
