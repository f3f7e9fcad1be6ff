using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class HealthTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Health_WhenTheDatabaseAnswers_SaysHealthyWithoutACredentialAndLeavesNoRecord()
    {
        var answer = await Api.GetAsync("/health");

        var requestId = answer.RequestId();
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            answer.Json.AsObject().Select(field => field.Key),
            Is.EqualTo(new[]
            {
                "status", "app", "timestamp", "database", "memory", "disk", "providers", "message_buffer_size", "scheduler_running", "jobs",
            }));
        Assert.That(answer["status"]!.GetValue<string>(), Is.EqualTo("healthy"));
        Assert.That(answer["app"]!.GetValue<string>(), Is.EqualTo("AiPlatform"));
        Assert.That(answer["memory"]!["used_mb"]!.GetValue<double>(), Is.GreaterThan(0));
        Assert.That(answer["disk"]!["free_gb"]!.GetValue<double>(), Is.GreaterThan(0));
        Assert.That(await Platform.QueryAsync(db => db.Set<AuditRecord>().AnyAsync(row => row.Id == requestId)), Is.False);
    }
}

/// <summary>PostgreSQL can be taken away from a running platform; a file cannot.</summary>
public sealed class HealthWithoutDatabaseTests
{
    [Test]
    public async Task Health_WhenTheDatabaseIsGone_SaysDegraded()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql);
        await platform.TakeDatabaseAwayAsync();

        var answer = await platform.Api().GetAsync("/health");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable), answer.Text);
        Assert.That(answer["status"]!.GetValue<string>(), Is.EqualTo("degraded"));
        Assert.That(answer["database"]!.GetValue<string>(), Is.EqualTo("unhealthy"));
    }
}
