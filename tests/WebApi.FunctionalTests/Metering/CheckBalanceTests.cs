using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class CheckBalanceTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task CheckBalance_WhenNothingWasSpent_ShowsTheTiersMonthlyAllowance()
    {
        var person = await Api.UserAsync(tier: 2);

        var answer = await Api.GetAsync("/check-balance", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer["current_balance"]!.GetValue<long>(), Is.EqualTo(5000));
        Assert.That(answer["tier_description"]!.GetValue<string>(), Is.EqualTo("Production Tier 3 - Basic"));
        Assert.That(answer["user_email"]!.GetValue<string>(), Is.EqualTo(person.Email));
    }
}
