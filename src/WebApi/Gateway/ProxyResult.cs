using System.Text;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Answers in the host's own words, with the platform's <c>_usage_info</c> in them; behind a stream it is a comment.</summary>
internal sealed class ProxyResult(ProxyReply reply) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var services = context.HttpContext.RequestServices;
        var remaining = RemainingOf(services.GetRequiredService<CallRecord>());
        if (reply.IsWhole)
        {
            await new RelayResult(reply.Answer with { Json = reply.WithUsageInfo(remaining) }).ExecuteResultAsync(context);
            return;
        }

        var comment = $": _usage_info: {Encoding.UTF8.GetString(reply.UsageInfo(remaining))}\n\n";
        await services.GetRequiredService<HttpAnswerChannel>().SendAsync(Encoding.UTF8.GetBytes(comment), context.HttpContext.RequestAborted);
        await new RelayResult(reply.Answer).ExecuteResultAsync(context);
    }

    private static long? RemainingOf(CallRecord record)
    {
        foreach (var meter in record.Receipt?.Meters ?? [])
        {
            if (meter.Meter is Meter.Tokens)
            {
                return meter.Available;
            }
        }

        return null;
    }
}
