namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>A provider that tells which models it has.</summary>
internal interface IListsModels
{
    /// <summary>Its list of models, in OpenAI's form.</summary>
    /// <exception cref="HttpRequestException">It did not answer, answered with a failure, or with more than 4 MiB.</exception>
    Task<ReadOnlyMemory<byte>> ListModelsAsync(CancellationToken cancellationToken);
}
