using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The body of the call at hand, measured once: its rules, its hold and its handler share the measure.</summary>
/// <param name="call">The call.</param>
internal sealed class MeasuredBody(ICallContext call)
{
    private PromptMeasure? _measure;

    /// <summary>One JSON object.</summary>
    public ReadOnlyMemory<byte> Json => call.Body.Json;

    /// <summary>How long its prompt is.</summary>
    public PromptMeasure Measure => _measure ??= PromptMeasure.Of(Json.Span);
}
