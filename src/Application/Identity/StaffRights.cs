using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>What members of the staff may do, beyond what their level alone says.</summary>
internal static class StaffRights
{
    /// <summary>Whether notes are for the caller's eyes.</summary>
    public static bool SeesNotes(Caller caller) => caller.IsAdministrator || caller.StaffLevel > StaffLevel.New;

    /// <summary>
    /// Refuses the staff a change of an administrator, or of one of their own: who could set their password would have their rights.
    /// </summary>
    /// <exception cref="RefusedException">The account is out of the caller's reach.</exception>
    public static void Guard(Caller caller, User target)
    {
        if (!caller.IsAdministrator && (target.Tier == Tiers.Administrator || target.StaffLevel is not null))
        {
            throw new RefusedException(RequireStaffAttribute.Refusal);
        }
    }
}
