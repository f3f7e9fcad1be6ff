using AiPlatform.WebApi.Shared.Swagger;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Documents that a model route does not look at the sampling that Llama takes.</summary>
public sealed class TakesNoSamplingAttribute()
    : TakesNoAttribute("AskModelCommandWithoutSampling", "top_p", "presence_penalty", "frequency_penalty");
