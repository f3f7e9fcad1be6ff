using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Shows a member of the staff their own account.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireStaff(StaffLevel.New)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record GetStaffProfileQuery : IRequest<StaffView>;

/// <summary>A member of the staff.</summary>
/// <param name="Number">The account's number.</param>
/// <param name="Name">Name as shown.</param>
/// <param name="Username">The handle; the address where there is none.</param>
/// <param name="Email">The address.</param>
/// <param name="Level">What the person may do for others; none for an administrator, who may do everything.</param>
/// <param name="CreatedAt">When the account was opened, UTC.</param>
/// <param name="Active">Whether its credentials are accepted.</param>
public sealed record StaffView(
    long Number, string Name, string Username, string Email, StaffLevel? Level, DateTimeOffset CreatedAt, bool Active);

internal sealed class GetStaffProfileHandler(IIdentityDb db, CallRecord record) : IRequestHandler<GetStaffProfileQuery, StaffView>
{
    public Task<StaffView> Handle(GetStaffProfileQuery query, CancellationToken cancellationToken) => db.Users
        .Where(user => user.Id == record.RequiredCaller.UserId)
        .Select(user => new StaffView(
            user.Numbering!.Number, user.UserName, user.Handle ?? user.Email, user.Email, user.StaffLevel, user.CreatedAt, user.Active))
        .SingleAsync(cancellationToken);
}
