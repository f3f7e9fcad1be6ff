using System.Collections.Concurrent;
using System.Text.Json;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Infrastructure.Gateway.Providers;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>Asks hosts for their models, and remembers what each said for a minute.</summary>
internal sealed class HostModelLists(ConfiguredProviders providers, TimeProvider time) : IHostModels
{
    /// <summary>Most models of one host that are told.</summary>
    private const int MostModels = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (HostModels Models, long ReadAt)> _known = new(StringComparer.OrdinalIgnoreCase);

    public async Task<HostModels> OfAsync(string provider, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not IListsModels host)
        {
            return new HostModels(provider, HostState.NotConfigured, []);
        }

        if (_known.TryGetValue(provider, out var known) && time.GetElapsedTime(known.ReadAt) < Lifetime)
        {
            return known.Models;
        }

        // A host that fails is left alone as long as one that answers: nobody can have it asked more often.
        var models = await AskAsync(provider, host, cancellationToken);
        _known[provider] = (models, time.GetTimestamp());
        return models;
    }

    private async Task<HostModels> AskAsync(string provider, IListsModels host, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return new HostModels(provider, HostState.Available, NamesIn(await host.ListModelsAsync(either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HostModels(provider, HostState.Timeout, []);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return new HostModels(provider, HostState.Error, []);
        }
    }

    private static List<string> NamesIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return !document.RootElement.TryGetProperty("data", out var models)
            ? throw new JsonException("The host lists no models.")
            : models.EnumerateArray()
            .Take(MostModels)
            .Where(model => model.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String)
            .Select(model => model.GetProperty("id").GetString()!)
            .ToList();
    }
}
