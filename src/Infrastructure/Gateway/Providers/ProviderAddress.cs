using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>Where a provider is, and what it wants to see of its key.</summary>
/// <param name="endpoint">The address below which the operations are.</param>
/// <param name="credential">The header that carries the key; none where the host asks for none.</param>
internal sealed class ProviderAddress(Uri endpoint, (string Header, string Value)? credential)
{
    private readonly Uri _root = new(endpoint.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>A request for an operation.</summary>
    public HttpRequestMessage RequestFor(ProviderCall call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, call.Operation))
        {
            Content = new ReadOnlyMemoryContent(call.Body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("AiPlatform", null));
        if (credential is var (header, value))
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return request;
    }
}
