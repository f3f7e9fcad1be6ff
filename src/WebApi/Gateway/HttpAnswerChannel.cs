using System.Text;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Writes a streamed answer to the HTTP response, event by event, without buffering.</summary>
internal sealed class HttpAnswerChannel(IHttpContextAccessor accessor) : IAnswerChannel
{
    private readonly HttpContext _http = accessor.HttpContext ?? throw new InvalidOperationException("There is no answer outside a request.");

    public bool HasStarted { get; private set; }

    public void Start(string provider, string model)
    {
        HasStarted = true;
        var response = _http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";

        // nginx holds answers back unless told otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        CallHeaders.SetSource(response, provider, model);
        _http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        await _http.Response.Body.WriteAsync(events, cancellationToken);
        await _http.Response.Body.FlushAsync(cancellationToken);
    }

    public ValueTask FailAsync(Error error, CancellationToken cancellationToken)
    {
        var route = new RouteErrors(_http.GetEndpoint()?.Metadata ?? []);
        var name = route.Shape is ErrorShape.Anthropic ? "event: error\n" : string.Empty;
        return SendAsync(Encoding.UTF8.GetBytes($"{name}data: {route.Render(error).ToJsonString()}\n\n"), cancellationToken);
    }

    /// <summary>
    /// Tells the cost of a stream, which its head could not know, in a comment at its end: a line that clients of events skip.
    /// </summary>
    public ValueTask TellCostAsync(CallReceipt? receipt, CancellationToken cancellationToken) =>
        receipt is null
            ? ValueTask.CompletedTask
            : SendAsync(
                Encoding.UTF8.GetBytes($": {CallHeaders.Cost}: {CallHeaders.CostOf(receipt)}\n: {CallHeaders.Balance}: {CallHeaders.BalanceOf(receipt)}\n\n"),
                cancellationToken);
}
