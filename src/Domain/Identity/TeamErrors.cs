using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Identity;

/// <summary>Why a change of a team is refused.</summary>
public static class TeamErrors
{
    /// <summary>Another team has the name.</summary>
    public static readonly Error NameTaken = new("team_name_taken", ErrorKind.Conflict, "A team with this name already exists");

    /// <summary>There is no such team.</summary>
    /// <param name="id">The id as the client wrote it.</param>
    public static Error NotFound(string id) => new("team_not_found", ErrorKind.NotFound, $"Team with ID {id} not found");
}
