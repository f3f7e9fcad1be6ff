using System.Collections.Concurrent;
using System.Net;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Where a provider is, and the headers that it wants to see.</summary>
/// <param name="endpoint">The address below which the operations are.</param>
internal sealed class ProviderAddress(Uri endpoint)
{
    private readonly Uri _root = new(endpoint.AbsoluteUri.TrimEnd('/') + "/");

    // As many as there are operations.
    private readonly ConcurrentDictionary<string, Uri> _operations = new();

    /// <summary>The header that carries the key; none where the host asks for none.</summary>
    public (string Name, string Value)? Credential { get; init; }

    /// <summary>Headers of the kind of provider, for which the configuration and then the client may say something else.</summary>
    public IReadOnlyList<(string Name, string Value)> Defaults { get; init; } = [];

    /// <summary>Headers that the configuration sets.</summary>
    public IReadOnlyList<(string Name, string Value)> Configured { get; init; } = [];

    /// <summary>Headers that a client may set where the configuration does not: such as the API documents for its own clients.</summary>
    public IReadOnlySet<string> FromClients { get; init; } = new HashSet<string>();

    /// <summary>A request for an operation.</summary>
    public HttpRequestMessage RequestFor(ProviderCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(call.Operation))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new CallContent(call.Body),
        };
        return WithHeaders(request, call.Headers.Where(IsPassedOn));
    }

    /// <summary>A request for the list of models.</summary>
    public HttpRequestMessage RequestForModels() => WithHeaders(new HttpRequestMessage(HttpMethod.Get, new Uri(_root, "models")), []);

    private Uri AddressOf(string operation) =>
        _operations.GetOrAdd(operation, static (path, root) => new Uri(root, path), _root);

    private HttpRequestMessage WithHeaders(HttpRequestMessage request, IEnumerable<(string Name, string Value)> fromClient)
    {
        Set(request, ("User-Agent", "AiPlatform"));
        SetAll(request, Defaults);
        SetAll(request, fromClient);
        SetAll(request, Configured);
        if (Credential is { } credential)
        {
            Set(request, credential);
        }

        return request;
    }

    private static void SetAll(HttpRequestMessage request, IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var header in headers)
        {
            Set(request, header);
        }
    }

    private bool IsPassedOn((string Name, string Value) header) => FromClients.Contains(header.Name) && ProviderHeaders.IsValue(header.Value);

    /// <summary>The last one set holds.</summary>
    private static void Set(HttpRequestMessage request, (string Name, string Value) header)
    {
        request.Headers.Remove(header.Name);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
    }
}
