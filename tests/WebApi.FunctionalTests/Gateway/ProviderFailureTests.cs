using System.Net;
using System.Net.Sockets;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Gateway;

/// <summary>
/// What is made of a provider that refuses, fails, stalls or leaves: what is repeated, what is tried elsewhere, what is said.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProviderFailureTests
{
    [TestCase(400, null, "The model provider rejected the request")]
    [TestCase(422, null, "The model provider rejected the request")]
    [TestCase(400, "some_new_code", "The model provider rejected the request")]
    [TestCase(400, "content_filter", "The model provider refused the request under its content policy")]
    [TestCase(400, "content_policy_violation", "The model provider refused the request under its content policy")]
    [TestCase(400, "context_length_exceeded", "The request is longer than the model can read")]
    public async Task Rejection_OfTheRequestItself_BecomesABadRequestInOurWords(int status, string? code, string message)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(status, code));
        await using var other = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(upstream, other);

        var refusal = await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.BadRequest));
            Assert.That(refusal.Message, Is.EqualTo(message));
            Assert.That(upstream.Requests, Has.Count.EqualTo(1));
            Assert.That(other.Requests, Is.Empty);
        }
    }

    [TestCase(300, 1)]
    [TestCase(401, 1)]
    [TestCase(403, 1)]
    [TestCase(404, 1)]
    [TestCase(408, 3)]
    [TestCase(409, 1)]
    [TestCase(429, 1)]
    [TestCase(500, 3)]
    [TestCase(503, 3)]
    public async Task FailureStatus_FromTheOnlyRoute_BecomesAnInternalErrorAfterTheTriesThatAreSafe(int status, int tries)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(status));
        using var gateway = LoopbackGateway.Over(upstream);

        var refusal = await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
            Assert.That(refusal.Message, Is.EqualTo("The model provider could not answer the request"));
            Assert.That(refusal.RetryAfter, Is.Null);
            Assert.That(upstream.Requests, Has.Count.EqualTo(tries));
        }
    }

    [TestCase(408, null)]
    [TestCase(429, "0")]
    [TestCase(500, null)]
    [TestCase(503, "0")]
    public async Task PassingFailure_WhenTheNextTrySucceeds_IsNotSeen(int status, string? retryAfter)
    {
        await using var upstream = await LoopbackUpstream.StartAsync();
        upstream.Next(Upstream.Status(status, retryAfter: retryAfter));
        using var gateway = LoopbackGateway.Over(upstream);

        var answer = await gateway.AskAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Text, Is.EqualTo("A fine answer"));
            Assert.That(upstream.Requests, Has.Count.EqualTo(2));
            Assert.That(upstream.Requests[0].Body, Is.EqualTo(upstream.Requests[1].Body));
        }
    }

    [TestCase(429, "60", 60)]
    [TestCase(503, "60", 60)]
    [TestCase(429, "99999999", 3600)]
    [TestCase(503, "Fri, 01 Jan 1999 00:00:00 GMT", 0)]
    public async Task RetryAfter_OfAProvider_ReachesTheCaller(int status, string sent, int seconds)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(status, retryAfter: sent));
        using var gateway = LoopbackGateway.Over(upstream);

        var refusal = await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
            Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
            Assert.That(upstream.Requests, Has.Count.EqualTo(seconds > 5 ? 1 : 3), "Only a short wait is waited for.");
        }
    }

    [TestCase(401)]
    [TestCase(404)]
    [TestCase(429)]
    [TestCase(500)]
    public async Task NextRoute_WhenTheFirstCannotHaveDoneTheWork_Answers(int status)
    {
        await using var first = await LoopbackUpstream.StartAsync(Upstream.Status(status));
        await using var second = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(first, second);

        Assert.That((await gateway.AskAsync()).Provider, Is.EqualTo("OpenAI"));
    }

    [Test]
    public async Task NextRoute_WhenTheFirstRefusesConnections_Answers()
    {
        await using var second = await LoopbackUpstream.StartAsync();
        using var gateway = new LoopbackGateway(
            ("Providers:AzureOpenAI:Endpoint", $"http://127.0.0.1:{ClosedPort()}"),
            ("Providers:AzureOpenAI:ApiKey", LoopbackGateway.Key),
            ("Providers:OpenAI:Endpoint", second.Endpoint),
            ("Providers:OpenAI:ApiKey", LoopbackGateway.Key));

        Assert.That((await gateway.AskAsync()).Provider, Is.EqualTo("OpenAI"));
    }

    [Test]
    public async Task NextRoute_WhenTheFirstAsksForAWaitThatOutlastsItsTime_Answers()
    {
        await using var first = await LoopbackUpstream.StartAsync(Upstream.Status(503, retryAfter: "4"));
        await using var second = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(first, second, timeout: "00:00:01");

        var answer = await gateway.AskAsync();

        Assert.That((answer.Provider, first.Requests.Count), Is.EqualTo(("OpenAI", 1)));
    }

    [Test]
    public async Task RetryAfter_WhenTheWaitOutlastsTheTime_ReachesTheCallerToo()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(503, retryAfter: "4"));
        using var gateway = LoopbackGateway.Over(upstream, timeout: "00:00:01");

        Assert.That((await gateway.RefusalAsync()).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [TestCase("reset before headers")]
    [TestCase("reset mid-body")]
    [TestCase("malformed JSON")]
    public async Task RequestThatMayHaveRun_WhenItsAnswerIsLost_IsAskedNowhereElse(string failure)
    {
        await using var first = await LoopbackUpstream.StartAsync(failure switch
        {
            "reset before headers" => Upstream.ResetBeforeHeaders(),
            "reset mid-body" => Upstream.ResetMidBody(),
            _ => Upstream.Raw("{\"choices\":["),
        });
        await using var second = await LoopbackUpstream.StartAsync();
        using var gateway = LoopbackGateway.Over(first, second);

        var refusal = await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Code, Is.EqualTo("provider_failed"));
            Assert.That(first.Requests, Has.Count.EqualTo(1));
            Assert.That(second.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Timeout_WhenNothingComes_EndsTheCallAndLetsGoOfTheUpstream()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Hang());
        using var gateway = LoopbackGateway.Over(upstream, timeout: "00:00:01");

        var refusal = await gateway.RefusalAsync();
        await upstream.ClientLeft;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
            Assert.That(upstream.Requests, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Timeout_WhenTheBodyDrips_CoversTheBodyToo()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Drip());
        using var gateway = LoopbackGateway.Over(upstream, timeout: "00:00:01");

        var refusal = await gateway.RefusalAsync();
        await upstream.ClientLeft;

        Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
    }

    [Test]
    public async Task Answer_OfAHundredMegabytes_IsNotReadToItsEnd()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Huge(100L * 1024 * 1024));
        using var gateway = LoopbackGateway.Over(upstream);

        var refusal = await gateway.RefusalAsync();
        await upstream.ClientLeft;

        Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
    }

    [Test]
    public async Task Redirect_FromAProvider_IsNotFollowed()
    {
        await using var elsewhere = await LoopbackUpstream.StartAsync();
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Redirect(elsewhere.Endpoint));
        using var gateway = LoopbackGateway.Over(upstream);

        var refusal = await gateway.RefusalAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Internal));
            Assert.That(elsewhere.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Caller_WhoLeaves_CancelsTheRequestUpstream()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Hang());
        using var gateway = LoopbackGateway.Over(upstream);
        using var caller = new CancellationTokenSource();

        var asking = gateway.AskAsync(caller.Token);
        await upstream.Asked;
        await caller.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        await upstream.ClientLeft;
    }

    [Test]
    public async Task Circuit_WhenARouteKeepsFailing_LeavesItAloneAndSaysWhenToComeBack()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(Upstream.Status(500));
        using var gateway = LoopbackGateway.Over(upstream);

        Error? refusal = null;
        for (var call = 0; call < 5; call++)
        {
            refusal = await gateway.RefusalAsync();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(upstream.Requests, Has.Count.EqualTo(10));
            Assert.That(refusal!.RetryAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromSeconds(15)));
        }
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
