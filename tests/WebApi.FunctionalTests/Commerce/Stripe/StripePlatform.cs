using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Commerce;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;

/// <summary>A platform that is paid by the server of the tests, and what its tests do with it.</summary>
public sealed class StripePlatform : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH";

    private StripePlatform(TestPlatform platform, StripeServer stripe)
    {
        (Platform, Stripe) = (platform, stripe);
        Api = platform.Api();
        stripe.Books.Clock = platform.Clock.GetUtcNow;
    }

    public TestPlatform Platform { get; }

    public StripeServer Stripe { get; }

    public Api Api { get; }

    public static async Task<StripePlatform> StartAsync(
        DatabaseProvider database, StripeServer stripe, params (string Key, string? Value)[] settings) => new(
        await TestPlatform.StartAsync(database, [.. Usual(stripe).Where(usual => settings.All(own => own.Key != usual.Key)), .. settings]), stripe);

    public ValueTask DisposeAsync() => Platform.DisposeAsync();

    public async Task<Answer> RechargeAsync(Person person, long cents, string? key = null, string token = "tok_visa")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wallet/recharge")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { token, amount = cents }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("API-Key", person.ApiKey);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await Api.SendAsync(request);
    }

    public async Task<long> BalanceAsync(Person person) =>
        (await Api.GetAsync("/wallet/balance", person.ApiKey))["wallet_balance"]!.GetValue<long>();

    public async Task<ReconciledPayments> ReconcileAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IPaymentReconciliation>().ReconcileAsync(CancellationToken.None);
    }

    /// <summary>Runs the jobs that are due, as the clock does.</summary>
    public Task RunJobsAsync() => Platform.Services.GetRequiredService<IJobSchedule>().RunDueAsync(CancellationToken.None);

    public async Task RenewAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISubscriptionRenewal>().RenewDueAsync(CancellationToken.None);
    }

    /// <summary>Has Stripe tell something, signed as it signs.</summary>
    public Task<Answer> TellAsync(string eventId, string type, object about) =>
        TellAsync(JsonSerializer.Serialize(new { id = eventId, type, data = new { @object = about } }));

    /// <summary>Sends an event with Stripe's signature of now.</summary>
    public Task<Answer> TellAsync(string json) => TellAsync(json, Sign(json, Platform.Clock.GetUtcNow()));

    /// <summary>Sends an event with any signature, or none.</summary>
    public async Task<Answer> TellAsync(string json, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/billing/events")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        }

        return await Api.SendAsync(request);
    }

    private static (string Key, string? Value)[] Usual(StripeServer stripe) =>
    [
        ("Stripe:SecretKey", StripeServer.SecretKey),
        ("Stripe:WebhookSecret", WebhookSecret),
        ("Stripe:ApiBase", stripe.Address),
    ];

    public static string Sign(string json, DateTimeOffset now, string secret = WebhookSecret)
    {
        var seconds = now.ToUnixTimeSeconds();
        return $"t={seconds},v1={Mac(json, seconds, secret)}";
    }

    public static string Mac(string json, long seconds, string secret = WebhookSecret) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{json}")));

    public Task<TopUp> TopUpAsync(Person person) =>
        Platform.QueryAsync(db => db.Set<TopUp>().AsNoTracking().SingleAsync(row => row.UserId == person.Id));

    /// <summary>Fails unless a wallet was credited so often with so much, and the books balance.</summary>
    public async Task AssertCreditedAsync(Person person, params long[] cents)
    {
        var (granted, deposits) = await Platform.QueryAsync(async db =>
        {
            var wallet = await db.Set<LedgerAccount>().AsNoTracking().FirstOrDefaultAsync(row => row.OwnerId == person.Id && row.Meter == Meter.Wallet);
            return (
                wallet is null ? [] : await db.Set<LedgerEntry>().Where(row => row.AccountId == wallet.Id && row.GrantedDelta > 0).Select(row => row.GrantedDelta).ToListAsync(),
                wallet is null ? [] : await db.Set<Deposit>().Where(row => row.AccountId == wallet.Id).Select(row => row.Amount).ToListAsync());
        });
        Assert.That(granted.Select(MeterUnits.ToCents), Is.EquivalentTo(cents));
        Assert.That(deposits.Select(MeterUnits.ToCents), Is.EquivalentTo(cents));
        Assert.That(await BalanceAsync(person), Is.EqualTo(cents.Sum()));
    }

    public static void AssertRecharged(Answer answer, long balance)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Text, Is.EqualTo($$"""{"message":"Wallet recharge successful","wallet_balance":{{balance}}}"""));
    }
}
