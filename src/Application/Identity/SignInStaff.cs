using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in a member of the staff by name and password; everybody else hears the same as with a wrong password.</summary>
[AllowAnonymousCaller("signing in is what gives a credential")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.Incorrect), nameof(SignInErrors.TooMany))]
[Rewords("sign_in_failed", ErrorKind.Unauthenticated, "Incorrect username or password")]
[OmitBodiesFromAudit]
public sealed record SignInStaffCommand : IRequest<StaffSession>
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

/// <summary>A session of a member of the staff.</summary>
/// <param name="Session">The session.</param>
/// <param name="Level">What the person may do for others.</param>
public sealed record StaffSession(OpenedSession Session, StaffLevel Level);

internal sealed class SignInStaffValidator : PersonRules<SignInStaffCommand>
{
    public SignInStaffValidator()
    {
        RequireSomething("username", command => command.Username);
        RequireSomething("password", command => command.Password);
    }
}

internal sealed class SignInStaffHandler(SignIns signIns, Sessions sessions) : IRequestHandler<SignInStaffCommand, StaffSession>
{
    public async Task<StaffSession> Handle(SignInStaffCommand command, CancellationToken cancellationToken)
    {
        var user = await signIns.CheckAsync(command.Username.Value, command.Password.Value, cancellationToken);
        if (user.StaffLevel is null)
        {
            throw new RefusedException(SignInErrors.Incorrect);
        }

        return new StaffSession(OpenedSession.Of(await sessions.OpenAsync(user, SignInMethod.Password, refreshable: false, cancellationToken)), user.StaffLevel!.Value);
    }
}
