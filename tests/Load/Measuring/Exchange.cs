using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>What is asked and answered in a run.</summary>
/// <param name="Route">The platform's route.</param>
/// <param name="PlatformBody">What the platform is asked.</param>
/// <param name="ProviderBody">What the provider and the proxy are asked.</param>
internal sealed record Exchange(string Route, string PlatformBody, string ProviderBody)
{
    private const string ModelApi = "/v1/chat/completions";

    /// <summary>The options of the provider.</summary>
    public IReadOnlyList<string> UpstreamOptions { get; init; } = [];

    /// <summary>A question on the platform's own route.</summary>
    public static Exchange Question { get; } = new(PlatformProcess.Route, Requests.PlatformBody, Requests.ProviderBody);

    /// <summary>A chat completion through the model API, in the same words for all.</summary>
    public static Exchange Chat(string body) => new(ModelApi, body, body);

    /// <summary>A streamed chat completion.</summary>
    /// <param name="chunks">How many chunks come.</param>
    /// <param name="pause">Milliseconds between two of them.</param>
    public static Exchange Stream(int chunks, int pause) => Chat(Requests.StreamBody) with
    {
        UpstreamOptions = ["--chunks", $"{chunks}", "--pause", $"{pause}"],
    };
}
