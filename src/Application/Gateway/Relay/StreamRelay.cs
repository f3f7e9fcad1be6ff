using System.Buffers;
using System.Text.Json;
using AiPlatform.Application.Gateway.Translation;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>Brings a provider's stream to the caller event by event, counting what is delivered.</summary>
/// <param name="client">The way to the caller.</param>
/// <param name="record">Where the delivery is noted: it is paid whatever becomes of the call.</param>
/// <param name="call">Says who ended the call.</param>
internal sealed class StreamRelay(IAnswerChannel client, CallRecord record, ICallContext call)
{
    /// <summary>Most bytes of one streamed answer; no model writes as much within the time that a call has.</summary>
    private const long MaxAnswer = 256L * 1024 * 1024;

    private static readonly JsonDocumentOptions Format = new() { MaxDepth = JsonMembers.MaxDepth };

    /// <summary>Relays a stream to its end.</summary>
    /// <param name="leg">The request and the route that answers it.</param>
    /// <param name="reply">The provider's answer.</param>
    /// <param name="cancellationToken">The caller left: the provider is told, and what was delivered is paid.</param>
    /// <exception cref="AnswerCutException">
    /// The stream broke off after it had begun, and the caller was told, or the caller did not take it in time.
    /// </exception>
    /// <exception cref="RefusedException">It broke off before anything had reached the caller.</exception>
    public async Task<RelayReply> RelayAsync(RelayLeg leg, ProviderReply reply, CancellationToken cancellationToken)
    {
        var meter = leg.NewMeter();
        try
        {
            await PassAsync(leg, reply, meter, cancellationToken);
        }
        catch (Exception broken) when (broken is ProviderUnreachableException or FormatException)
        {
            throw await CutAsync(meter, RelayErrors.Of(broken), broken, cancellationToken);
        }
        catch (OperationCanceledException stopped) when (call.IsEndedByStop)
        {
            throw await CutAsync(meter, RequestErrors.Stopping, stopped, CancellationToken.None);
        }
        finally
        {
            // Whatever ended it: what has reached the caller is paid.
            NoteDelivery(leg, meter);
        }

        return new RelayReply(default, leg.Provider, leg.Model) { Summary = Summary(meter) };
    }

    private async Task PassAsync(RelayLeg leg, ProviderReply reply, AnswerMeter meter, CancellationToken cancellationToken)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, reply.Deadline);
        using var events = new EventReader(reply);
        var output = new ArrayBufferWriter<byte>();
        var translation = leg.Translation?.Stream();
        var sent = 0L;
        while (await events.ReceiveAsync(cancellationToken))
        {
            var unreadable = PassAll(events, leg, meter, translation, output);
            sent += output.WrittenCount;
            await SendAsync(leg, reply, meter, output, inTime.Token);
            if (unreadable is not null)
            {
                throw unreadable;
            }

            // What a translation holds back, and what it drops, counts as well.
            if (Math.Max(sent, events.Received) > MaxAnswer)
            {
                throw new ProviderUnreachableException($"The answer exceeds {MaxAnswer} bytes.", mayHaveRun: true);
            }
        }

        if (meter is not { HasAnswer: true, IsFinished: true, HasFailed: false })
        {
            throw new ProviderUnreachableException("The stream ended in a failure, before its end, or without an answer.", mayHaveRun: true);
        }

        translation?.End(output);
        await SendAsync(leg, reply, meter, output, inTime.Token);
    }

    /// <summary>Passes what has arrived. What came before something unreadable is the caller's all the same.</summary>
    private static FormatException? PassAll(
        EventReader events, RelayLeg leg, AnswerMeter meter, IStreamTranslation? translation, ArrayBufferWriter<byte> output)
    {
        try
        {
            while (events.TryTake(out var next))
            {
                Pass(next, leg, meter, translation, output);
            }

            return null;
        }
        catch (FormatException unreadable)
        {
            return unreadable;
        }
    }

    private async ValueTask SendAsync(
        RelayLeg leg, ProviderReply reply, AnswerMeter meter, ArrayBufferWriter<byte> output, CancellationToken inTime)
    {
        if (output.WrittenCount == 0)
        {
            return;
        }

        if (!client.HasStarted)
        {
            client.Start(leg.Provider, leg.Model);
        }

        try
        {
            await client.SendAsync(output.WrittenMemory, inTime);
        }
        catch (OperationCanceledException late) when (reply.Deadline.IsCancellationRequested)
        {
            // The money is set aside for as long as an answer may take, and not until its reader gets round to it.
            throw new AnswerCutException(RelayErrors.NotTaken, late);
        }

        meter.NoteDelivered();
        output.ResetWrittenCount();
    }

    private static void Pass(
        ServerEvent next, RelayLeg leg, AnswerMeter meter, IStreamTranslation? translation, ArrayBufferWriter<byte> output)
    {
        if (next.Data.IsEmpty)
        {
            // Comments keep connections open; a translated stream has its own events.
            output.Write(translation is null ? next.Raw.Span : default);
            return;
        }

        if (next.Data.Span.SequenceEqual("[DONE]"u8))
        {
            meter.NoteEnd();
            if (translation is null)
            {
                output.Write(next.Raw.Span);
            }

            return;
        }

        var keep = Note(next, leg, meter);
        if (translation is not null)
        {
            translation.Translate(next.Name, next.Data, output);
        }
        else if (keep is Keep.AsItIs)
        {
            output.Write(next.Raw.Span);
        }
        else if (keep is Keep.WithoutUsage)
        {
            output.Write("data: "u8);
            foreach (var piece in JsonMembers.Edit(next.Data, new JsonMember("usage", default)))
            {
                output.Write(piece.Span);
            }

            output.Write("\n\n"u8);
        }
    }

    private static Keep Note(ServerEvent next, RelayLeg leg, AnswerMeter meter)
    {
        try
        {
            using var document = JsonDocument.Parse(next.Data, Format);
            var content = document.RootElement;
            meter.NoteEvent(content);
            if (leg.WantsUsage
                || content.ValueKind is not JsonValueKind.Object
                || !content.TryGetProperty("usage", out var usage)
                || usage.ValueKind is JsonValueKind.Null)
            {
                return Keep.AsItIs;
            }

            // The chunk that tells the usage alone was asked for by the platform, not by the client.
            return content.TryGetProperty("choices", out var choices) && choices.ValueKind is JsonValueKind.Array && choices.GetArrayLength() == 0
                ? Keep.Nothing
                : Keep.WithoutUsage;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            throw new FormatException("An event's data is not readable JSON.", unreadable);
        }
    }

    /// <summary>A provider that failed before it had written anything has delivered nothing, nor has one that said nothing but that it ends.</summary>
    private void NoteDelivery(RelayLeg leg, AnswerMeter meter)
    {
        if (client.HasStarted && (meter.HasDelivered || meter is { HasAnswer: true, IsFinished: true, HasFailed: false }))
        {
            record.Deliver(new Delivery(leg.Model, leg.Provider, meter.Usage()));
        }
    }

    private async Task<Exception> CutAsync(AnswerMeter meter, Error error, Exception broken, CancellationToken cancellationToken)
    {
        if (!client.HasStarted)
        {
            return new RefusedException(error, broken);
        }

        if (!meter.HasFailed)
        {
            await client.FailAsync(error, cancellationToken);
        }

        return new AnswerCutException(error, broken);
    }

    private static ReadOnlyMemory<byte> Summary(AnswerMeter meter)
    {
        var usage = meter.Usage();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            streamed = true,
            prompt_tokens = usage.PromptTokens,
            cached_tokens = usage.CachedTokens,
            completion_tokens = usage.AnswerTokens,
        });
    }

    private enum Keep
    {
        AsItIs,
        WithoutUsage,
        Nothing,
    }
}
