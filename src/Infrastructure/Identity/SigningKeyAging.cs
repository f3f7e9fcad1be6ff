using AiPlatform.Application.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Has a new key sign session tokens where the one that does is old; what it signed stays good until it is over.</summary>
internal sealed class SigningKeyAging(IServiceScopeFactory scopes, TimeProvider time) : IScheduledJob
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(90);

    public string Name => "signing_key_rotation";

    public string Schedule => "0 0 3 * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var old = time.GetUtcNow() - Oldest;
        if (await scope.ServiceProvider.GetRequiredService<IIdentityDb>().SigningKeys.AnyAsync(key => key.CreatedAt > old, cancellationToken))
        {
            return "the key is young enough";
        }

        await scope.ServiceProvider.GetRequiredService<ISigningKeyRotation>().RotateAsync(cancellationToken);
        return "a new key signs";
    }
}
