using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Clients.Provider;

/// <summary>Puts an answer on the wire, whole or as a stream, with the fault that was ordered.</summary>
internal sealed class Delivery(HttpContext http, Exchange exchange)
{
    /// <summary>Long enough for a gateway to have read what was written before the connection is cut.</summary>
    private static readonly TimeSpan BeforeCut = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan BetweenEndlessPieces = TimeSpan.FromMilliseconds(5);

    /// <summary>Vendors write letters as they are.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string? _fault = exchange.Directive.Fault;

    private CancellationToken Left => http.RequestAborted;

    public async Task SendAsync(WireAnswer answer)
    {
        switch (_fault)
        {
            case Faults.Hang:
                await Task.Delay(Timeout.Infinite, Left);
                break;
            case Faults.ResetBefore:
                Break();
                return;
            case Faults.ResetAfter:
                await BeginAsync("application/json");
                await CutAsync();
                return;
            case Faults.Html:
                await BeginAsync("text/html");
                await http.Response.WriteAsync("<html><body>Bad gateway, but politely</body></html>", Left);
                exchange.Outcome = Outcome.Broken;
                return;
        }

        if (exchange.Request.Json["stream"]?.GetValue<bool>() is true)
        {
            await StreamAsync(answer);
        }
        else
        {
            await WriteWholeAsync(answer);
        }
    }

    private async Task WriteWholeAsync(WireAnswer answer)
    {
        if (_fault is Faults.Endless)
        {
            await BeginAsync("application/json");
            while (true)
            {
                await WriteAsync(" ");
                await Task.Delay(BetweenEndlessPieces, Left);
            }
        }

        var text = answer.Body().ToJsonString(Plain);
        if (_fault is Faults.Malformed or Faults.Cut or Faults.Ends)
        {
            http.Response.ContentLength = _fault is Faults.Cut ? text.Length * 2 : null;
            await BeginAsync("application/json");
            await WriteAsync(text[..(text.Length / 2)]);
            exchange.Outcome = Outcome.Broken;
            if (_fault is Faults.Cut)
            {
                await CutAsync();
            }

            return;
        }

        exchange.Usage = answer.Usage;
        exchange.Text = answer.Text;
        exchange.Status = 200;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(text, Left);
        exchange.Outcome = Outcome.Whole;
    }

    private async Task StreamAsync(WireAnswer answer)
    {
        await BeginAsync("text/event-stream; charset=utf-8");
        var pause = exchange.Directive.Number("delay");
        var after = exchange.Directive.Number("after") ?? 2;
        foreach (var each in answer.Events)
        {
            if (each.Piece is not null && exchange.Pieces.Count >= after && await BreakStreamAsync())
            {
                return;
            }

            if (each.Piece is not null && (pause is not null || _fault is Faults.Endless))
            {
                await Task.Delay(pause is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : BetweenEndlessPieces, Left);
            }

            await WriteAsync(Worded(each.Name, each.Data));
            exchange.Usage = each.Usage ?? exchange.Usage;
            if (each.Piece is { } piece)
            {
                exchange.Deliver(piece);
            }
        }

        if (answer.EndsWithDone)
        {
            await WriteAsync("data: [DONE]\n\n");
        }

        exchange.Outcome = Outcome.Whole;
    }

    /// <summary>Breaks a stream in its middle where that was ordered; answers whether it has ended.</summary>
    private async Task<bool> BreakStreamAsync()
    {
        switch (_fault)
        {
            case Faults.Cut:
                await CutAsync();
                return true;
            case Faults.Ends:
                exchange.Outcome = Outcome.Broken;
                return true;
            case Faults.Malformed:
                await Task.Delay(BeforeCut, Left);
                await WriteAsync("data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"ind\n\n");
                exchange.Outcome = Outcome.Broken;
                return true;
            case Faults.Stall:
                await Task.Delay(Timeout.Infinite, Left);
                return true;
            default:
                return false;
        }
    }

    private async Task BeginAsync(string contentType)
    {
        exchange.Status = 200;
        http.Response.ContentType = contentType;
        await http.Response.StartAsync(Left);
        await http.Response.Body.FlushAsync(Left);
    }

    private async Task WriteAsync(string text)
    {
        await http.Response.WriteAsync(text, Left);
        await http.Response.Body.FlushAsync(Left);
    }

    private async Task CutAsync()
    {
        await Task.Delay(BeforeCut, Left);
        Break();
    }

    private void Break()
    {
        exchange.Outcome = Outcome.Broken;
        http.Abort();
    }

    private static string Worded(string? name, JsonObject data) =>
        $"{(name is null ? string.Empty : $"event: {name}\n")}data: {data.ToJsonString(Plain)}\n\n";
}
