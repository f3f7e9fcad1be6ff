using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in an administrator by name and password; everybody else hears the same as with a wrong password.</summary>
[AllowAnonymousCaller("signing in is what gives a credential")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.Incorrect), nameof(SignInErrors.TooMany))]
[Rewords("sign_in_failed", ErrorKind.Unauthenticated, "Incorrect username or password")]
[OmitBodiesFromAudit]
public sealed record SignInAdministratorCommand : IRequest<OpenedSession>
{
    /// <summary>The handle, or the address.</summary>
    /// <example>admin</example>
    [Required]
    public Supplied<string> Username { get; init; }

    /// <summary>The password.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    public Supplied<string> Password { get; init; }
}

internal sealed class SignInAdministratorValidator : PersonRules<SignInAdministratorCommand>
{
    public SignInAdministratorValidator()
    {
        RequireSomething("username", command => command.Username);
        RequireSomething("password", command => command.Password);
    }
}

internal sealed class SignInAdministratorHandler(SignIns signIns, Sessions sessions) : IRequestHandler<SignInAdministratorCommand, OpenedSession>
{
    public async Task<OpenedSession> Handle(SignInAdministratorCommand command, CancellationToken cancellationToken)
    {
        var user = await signIns.CheckAsync(command.Username.Value, command.Password.Value, cancellationToken);
        if (user.Tier != Tiers.Administrator)
        {
            throw new RefusedException(SignInErrors.Incorrect);
        }

        return OpenedSession.Of(await sessions.OpenAsync(user, SignInMethod.Password, refreshable: false, cancellationToken));
    }
}
