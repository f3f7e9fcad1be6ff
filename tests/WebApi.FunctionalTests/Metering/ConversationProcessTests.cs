using System.Net;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>A day's conversations on two processes of the operating system.</summary>
public sealed class ConversationProcessTests
{
    private ReplicaProcesses _replicas = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _replicas = await ReplicaProcesses.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await (_replicas?.DisposeAsync() ?? default);

    [Test]
    public async Task VerifyKey_FiftyTimesAtOnceOnTwoProcesses_TakesExactlyTheTenThatThereAre()
    {
        var person = await _replicas.Api(0).RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => _replicas.Api(call).VerifyAsync(person.ApiKey)));

        var (verified, refused) = (answers.Where(answer => answer.Status is HttpStatusCode.OK), answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList());
        Assert.That(verified.Select(answer => answer["remaining_conversations"]!.GetValue<int>()).Order(), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(refused, Has.Count.EqualTo(40));
        refused.ForEach(answer => answer.AssertDetail(HttpStatusCode.TooManyRequests, "Conversation limit exceeded. Limit resets every 24 hours."));
    }
}
