using System.Diagnostics;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>The facts of a call as HTTP carries them.</summary>
internal sealed class HttpCallContext : ICallContext
{
    private const int MaxCorrelationIdLength = 128;
    private const int MaxIdempotencyKeyLength = 255;

    private static readonly string[] RecordedHeaders =
    [
        "Accept", "Accept-Language", "Content-Length", "Content-Type", "Host", IdempotencyHeaders.Key, "Origin", "X-Correlation-ID",
    ];

    private readonly HttpContext _http;
    private readonly TimeProvider _time;
    private readonly Stopping _stopping;
    private readonly long _started;

    public HttpCallContext(IHttpContextAccessor accessor, TimeProvider time, Stopping stopping)
    {
        _http = accessor.HttpContext ?? throw new InvalidOperationException("There is no call outside a request.");
        _time = time;
        _stopping = stopping;
        _started = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        RequestId = EntityIds.New(StartedAt);
    }

    public Guid RequestId { get; }

    // It is sent back in a header, which carries printable ASCII alone.
    public string? CorrelationId => _http.Request.Headers["X-Correlation-ID"].FirstOrDefault() is { Length: > 0 } id
        && id.All(character => character is >= ' ' and <= '~')
        ? AuditText.Cut(id, MaxCorrelationIdLength)
        : null;

    public string? RouteKey => _http.GetEndpoint()?.Metadata.GetMetadata<RouteKeyAttribute>()?.Key;

    public Supplied<string> IdempotencyKey => _http.Request.Headers[IdempotencyHeaders.Key] switch
    {
        [] => default,
        [{ Length: >= 1 and <= MaxIdempotencyKeyLength } key] when !key.AsSpan().ContainsAnyExceptInRange(' ', '~') => key,
        _ => Supplied<string>.Mistyped,
    };

    public string Method => _http.Request.Method;

    public string Path => _http.Request.Path.Value ?? "/";

    public string? IpAddress => _http.Connection.RemoteIpAddress?.ToString();

    public string? UserAgent => _http.Request.Headers.UserAgent.FirstOrDefault();

    public IReadOnlyList<(string Name, string Value)> Headers
    {
        get
        {
            var recorded = new List<(string Name, string Value)>(RecordedHeaders.Length);
            foreach (var name in RecordedHeaders)
            {
                if (_http.Request.Headers.TryGetValue(name, out var value))
                {
                    recorded.Add((name, AuditText.Cut(value.ToString(), MaxCorrelationIdLength)!));
                }
            }

            return recorded;
        }
    }

    public DateTimeOffset StartedAt { get; }

    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    public int SuccessStatus => _http.Features.Get<ChosenStatus>()?.Status ?? DeclaredStatus();

    public bool IsEndedByStop => _stopping.EndsCalls;

    public CallBody Body { get; set; }

    public PresentedCredential Credential(CredentialKind kind) => kind switch
    {
        CredentialKind.ApiKey or CredentialKind.Any => CredentialHeaders.Read(_http.Request, CredentialHeaders.Keys, CredentialHeaders.Tokens),
        CredentialKind.AccessToken => CredentialHeaders.Read(_http.Request, CredentialHeaders.Tokens, CredentialHeaders.Keys),
        _ => throw new UnreachableException(),
    };

    private int DeclaredStatus()
    {
        foreach (var produced in _http.GetEndpoint()?.Metadata.GetOrderedMetadata<IApiResponseMetadataProvider>() ?? [])
        {
            if (produced.StatusCode is >= 200 and < 300)
            {
                return produced.StatusCode;
            }
        }

        return StatusCodes.Status200OK;
    }
}

/// <summary>The status that an action answers a success with, where it is not the one that it declares.</summary>
/// <param name="Status">The status.</param>
internal sealed record ChosenStatus(int Status);
