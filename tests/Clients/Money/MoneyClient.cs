using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.Clients.Money;

/// <summary>How a call ended, as its client saw it.</summary>
/// <param name="Status">The status; <see langword="null"/> where the client left before one.</param>
/// <param name="Cost">What the answer says that it cost, in nano-dollars; <see langword="null"/> where it does not say.</param>
internal sealed record MoneyAnswer(HttpStatusCode? Status, long? Cost)
{
    /// <summary>The platform's ids of its requests.</summary>
    public IReadOnlyList<string> RequestIds { get; init; } = [];
}

/// <summary>Makes calls as clients do: reads streams as they come, asks again after trouble, and leaves when it has enough.</summary>
internal sealed class MoneyClient(Uri platform) : IDisposable
{
    private const string CostName = "X-AiPlatform-Cost";
    private const int Attempts = 3;

    private static readonly TimeSpan UntilItLeaves = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient _http = new() { BaseAddress = platform, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Makes calls, a number of them at once.</summary>
    public async Task<IReadOnlyDictionary<string, MoneyAnswer>> CallAsync(IReadOnlyList<MoneyCall> calls, int atOnce)
    {
        var answers = new ConcurrentDictionary<string, MoneyAnswer>();
        await Parallel.ForEachAsync(
            calls, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (call, _) => answers[call.Id] = await CallAsync(call));
        return answers;
    }

    public void Dispose() => _http.Dispose();

    private async Task<MoneyAnswer> CallAsync(MoneyCall call)
    {
        var answer = await AttemptAsync(call);
        for (var attempt = 1; attempt < Attempts && call.IsRepeated && answer.Status is not HttpStatusCode.OK; attempt++)
        {
            var again = await AttemptAsync(call);
            answer = again with { RequestIds = [.. answer.RequestIds, .. again.RequestIds] };
        }

        return answer;
    }

    private async Task<MoneyAnswer> AttemptAsync(MoneyCall call)
    {
        using var leave = new CancellationTokenSource(call.LeavesAtOnce ? UntilItLeaves : Timeout.InfiniteTimeSpan);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{call.Path}") { Content = new ByteArrayContent(call.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Account.ApiKey);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
            var told = response.Headers.TryGetValues(CostName, out var values) ? CostIn(values.Single()) : (long?)null;
            return new MoneyAnswer(response.StatusCode, await ReadAsync(call, response, leave.Token) ?? told)
            {
                RequestIds = [response.Headers.GetValues("X-AiPlatform-Request-Id").Single()],
            };
        }
        catch (OperationCanceledException) when (call.LeavesAtOnce)
        {
            return new MoneyAnswer(null, null);
        }
    }

    /// <summary>Reads to the end, or until the client leaves; answers the cost that the end of a stream tells.</summary>
    private static async Task<long?> ReadAsync(MoneyCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var pieces = 0;
        long? cost = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            pieces += IsPiece(line) ? 1 : 0;
            if (pieces == call.LeavesAfterPieces)
            {
                break;
            }

            if (line.StartsWith($": {CostName}: ", StringComparison.Ordinal))
            {
                cost = CostIn(line[(CostName.Length + 4)..]);
            }
        }

        return cost;
    }

    /// <summary>The provider's words are all alike, so that a piece is known by its text in every format.</summary>
    private static bool IsPiece(string line) =>
        line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("ord", StringComparison.Ordinal)
        && (line.Contains("\"Word\"", StringComparison.Ordinal) || line.Contains("\" word", StringComparison.Ordinal));

    /// <summary><c>wallet=0.00000195</c>, in dollars.</summary>
    private static long CostIn(string text) =>
        (long)(decimal.Parse(text.Split('=')[^1], CultureInfo.InvariantCulture) * 1_000_000_000);
}
