using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>How long the events of the payment gateway are kept.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class PaymentEventRetentionTests(DatabaseProvider database) : IAsyncDisposable
{
    private StripeServer _stripe = null!;
    private StripePlatform _paid = null!;

    private DateTimeOffset Now => _paid.Platform.Clock.GetUtcNow();

    [SetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _paid = await StripePlatform.StartAsync(database, _stripe, ("Jobs:Interval", "01:00:00"), ("Stripe:EventRetentionDays", "30"));
    }

    public async ValueTask DisposeAsync()
    {
        await _paid.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Test]
    public async Task CleanUp_DeletesTheSettledEventsThatAreOlderThanTheyAreKept()
    {
        await KeepAsync("evt_old", "sub_1", isSettled: true, days: 31);
        await KeepAsync("evt_about_nothing", null, isSettled: true, days: 31);
        await KeepAsync("evt_new", "sub_1", isSettled: true, days: 22);

        await CleanUpAsync();

        Assert.That(await EventsAsync(), Is.EqualTo(new[] { "evt_new" }));
    }

    [Test]
    public async Task CleanUp_OfAnEventThatSomethingIsOpenOf_LeavesIt()
    {
        await KeepAsync("evt_open", "sub_1", isSettled: false, days: 500);

        await CleanUpAsync();

        Assert.That(await EventsAsync(), Is.EqualTo(new[] { "evt_open" }));
    }

    [Test]
    public async Task CleanUp_OfAnEventOfAPaymentThatIsInTheLedger_LeavesIt()
    {
        var wallet = new AccountKey(OwnerKind.User, Unique.Id(), Meter.Wallet, Period.Always);
        await Money.Ledger(_paid.Platform).DepositAsync(
            wallet, MeterUnits.PerDollar, "ch_booked", new AccountOrder(Unique.Id(), Unique.Id(), "a top-up"), CancellationToken.None);
        await KeepAsync("evt_booked", "ch_booked", isSettled: true, days: 500);
        await KeepAsync("evt_declined", "ch_declined", isSettled: true, days: 500);

        await CleanUpAsync();

        Assert.That(await EventsAsync(), Is.EqualTo(new[] { "evt_booked" }));
    }

    [Test]
    public async Task CleanUp_OfMoreThanAPage_DeletesAll()
    {
        await _paid.Platform.QueryAsync(db =>
        {
            db.AddRange(Enumerable.Range(0, 1_100).Select(number => Event($"evt_{number}", "sub_1", isSettled: true, days: 60)));
            return db.SaveChangesAsync();
        });

        await CleanUpAsync();

        Assert.That(await EventsAsync(), Is.Empty);
    }

    private Task<int> KeepAsync(string id, string? reference, bool isSettled, int days) => _paid.Platform.QueryAsync(db =>
    {
        db.Add(Event(id, reference, isSettled, days));
        return db.SaveChangesAsync();
    });

    private PaymentEvent Event(string id, string? reference, bool isSettled, int days)
    {
        var receivedAt = Now.AddDays(-days);
        var told = new PaymentEvent(
            id, "invoice.payment_succeeded", reference is null ? PaymentSubject.Other : PaymentSubject.Subscription, reference, receivedAt);
        if (isSettled)
        {
            told.Settle(receivedAt);
        }

        return told;
    }

    /// <summary>Lets a Sunday pass.</summary>
    private async Task CleanUpAsync()
    {
        await _paid.RunJobsAsync();
        _paid.Platform.Clock.Advance(TimeSpan.FromDays(7));
        await _paid.RunJobsAsync();
    }

    private Task<List<string>> EventsAsync() => _paid.Platform.QueryAsync(db => db.Set<PaymentEvent>().Select(told => told.Id).Order().ToListAsync());
}
