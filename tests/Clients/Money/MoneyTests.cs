using System.Globalization;
using AiPlatform.Clients.Provider;

namespace AiPlatform.Clients.Money;

/// <summary>
/// Mixed calls with trouble of every kind: afterwards each account has paid what the provider's own log says, to the
/// nano-dollar. <c>eng/money-check</c> makes many more calls than a test does.
/// </summary>
[NonParallelizable]
public sealed class MoneyTests
{
    private const int FewCalls = 500;
    private const int AtOnce = 32;
    private const int RichAccounts = 7;

    /// <summary>Some calls' worth, so that the wallet is empty long before the end.</summary>
    private const long Little = 400_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Accounts_WhenCallsOfEveryKindAreMade_PayWhatTheProvidersLogSaysAndNothingElse()
    {
        var count = Setting("AIPLATFORM_TEST_MONEY_CALLS", FewCalls);
        var seed = Setting("AIPLATFORM_TEST_MONEY_SEED", 1);
        await using var provider = await ProviderServer.StartAsync();
        await using var platform = await Platform.StartAsync(provider);
        var rich = new List<Account>();
        for (var number = 0; number < RichAccounts; number++)
        {
            rich.Add(await platform.CreateAccountAsync(Platform.Plenty));
        }

        var poor = await platform.CreateAccountAsync(Little);
        var calls = new MoneyCalls(seed, rich, poor).Draw(count);

        using var client = new MoneyClient(platform.Address);
        var answers = await client.CallAsync(calls, AtOnce);
        var spent = new Dictionary<Account, long>();
        foreach (var account in rich.Append(poor))
        {
            spent[account] = await SettledAsync(platform, account);
        }

        var reckoning = new Reckoning(await PriceList.ReadAsync(TimeProvider.System.GetUtcNow()));
        var log = provider.Log.ToLookup(exchange => exchange.Directive.Id);
        var costs = calls.ToDictionary(call => call.Id, call => reckoning.CostOf(call, log[call.Id]));
        AssertMixed(calls, answers, provider.Log);
        AssertTold(calls, answers, costs);
        foreach (var (account, charged) in spent)
        {
            var expected = calls.Where(call => call.Account == account).Sum(call => costs[call.Id]);
            await TestContext.Out.WriteLineAsync($"account {account.Id}: log {expected}, charged {charged}, difference {charged - expected}");
            Assert.That(charged, Is.EqualTo(expected), $"seed {seed}: {await DifferencesAsync(platform, calls.Where(call => call.Account == account), costs, answers, log)}");
        }

        var books = await platform.GetAsync("/admin/ledger/reconcile");
        Assert.That((books["balanced"]!.GetValue<bool>(), books["complete"]!.GetValue<bool>()), Is.EqualTo((true, true)), books.ToJsonString());
        Assert.That(books["disputed"]!["count"]!.GetValue<int>() + books["unresolved"]!["count"]!.GetValue<int>(), Is.Zero, books.ToJsonString());
        await TestContext.Out.WriteLineAsync($"{count} calls, {provider.Log.Count} requests to the provider, seed {seed}");
    }

    /// <summary>A mix without trouble, or without success, would prove nothing.</summary>
    private static void AssertMixed(
        IReadOnlyList<MoneyCall> calls, IReadOnlyDictionary<string, MoneyAnswer> answers, IReadOnlyList<Exchange> log)
    {
        Assert.That(answers.Count(answer => answer.Value.Status is System.Net.HttpStatusCode.OK), Is.GreaterThan(calls.Count / 3));
        foreach (var outcome in new[] { Outcome.Whole, Outcome.Refused, Outcome.Broken, Outcome.ClientLeft })
        {
            Assert.That(log.Any(exchange => exchange.Outcome == outcome), Is.True, $"no exchange ended {outcome}");
        }

        Assert.That(log, Has.None.Property(nameof(Exchange.Outcome)).EqualTo(Outcome.Open));
        Assert.That(calls.Where(call => call.LeavesAfterPieces is not null), Is.Not.Empty);
        Assert.That(calls.Where(call => answers[call.Id].Status is System.Net.HttpStatusCode.PaymentRequired), Is.Not.Empty, "nobody ran out of money");
    }

    /// <summary>What a client is told of an answer's cost is what the answer costs.</summary>
    private static void AssertTold(
        IReadOnlyList<MoneyCall> calls, IReadOnlyDictionary<string, MoneyAnswer> answers, Dictionary<string, long> costs)
    {
        var told = calls.Where(call => answers[call.Id] is { Status: System.Net.HttpStatusCode.OK, Cost: not null }).ToList();
        Assert.That(told, Is.Not.Empty);
        var wrong = told.Where(call => answers[call.Id].Cost != costs[call.Id])
            .Select(call => $"{call.Path} {System.Text.Encoding.UTF8.GetString(call.Body)}: told {answers[call.Id].Cost}, log {costs[call.Id]}");
        Assert.That(wrong, Is.Empty);
    }

    /// <summary>What the account has paid, once nothing of it is held any more: calls are closed after their clients have left.</summary>
    private static async Task<long> SettledAsync(Platform platform, Account account)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var wallet = await platform.WalletAsync(account);
            if (wallet["held"]!.GetValue<long>() == 0)
            {
                return wallet["spent"]!.GetValue<long>();
            }

            Assert.That(TimeProvider.System.GetUtcNow(), Is.LessThan(deadline), $"money of {account.Id} is still held");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>The calls that were charged something else, by the ledger's entries; for the reader of a failure.</summary>
    private static async Task<string> DifferencesAsync(
        Platform platform,
        IEnumerable<MoneyCall> calls,
        Dictionary<string, long> costs,
        IReadOnlyDictionary<string, MoneyAnswer> answers,
        ILookup<string?, Exchange> log)
    {
        var lines = new List<string>();
        foreach (var call in calls.Where(call => answers[call.Id].RequestIds.Count > 0))
        {
            var charged = 0L;
            foreach (var request in answers[call.Id].RequestIds)
            {
                var page = await platform.GetAsync($"/admin/ledger/entries?request_id={request}&kind=capture");
                charged += page["entries"]!.AsArray().Sum(entry => entry!["spent"]!.GetValue<long>());
            }

            if (charged != costs[call.Id])
            {
                lines.Add($"{call.Path} {System.Text.Encoding.UTF8.GetString(call.Body)}: charged {charged}, log {costs[call.Id]}; provider: "
                    + string.Join(", ", log[call.Id].Select(each => $"{each.Status} {each.Outcome}, {each.Pieces.Count} pieces, {each.Usage}")));
            }
        }

        return lines.Count == 0 ? "only calls without an answer differ" : $"{lines.Count} calls differ:\n{string.Join('\n', lines.Take(20))}";
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
