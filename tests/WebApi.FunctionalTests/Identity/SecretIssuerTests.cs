using AiPlatform.Application.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class SecretIssuerTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public void AccessToken_HoweverManyAreIssued_NeverLooksLikeAKey()
    {
        var secrets = Platform.Services.GetRequiredService<ISecretIssuer>();

        var tokens = Enumerable.Range(0, 600_000).Select(_ => secrets.NewAccessToken());

        Assert.That(tokens.Where(token => token.StartsWith("sk-", StringComparison.Ordinal) || token.StartsWith("pe-", StringComparison.Ordinal)), Is.Empty);
    }
}
