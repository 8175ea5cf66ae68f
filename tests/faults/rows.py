"""The fault matrix: which test shows which row. T is Telegram, C is time, D is data; Slack's tests bear theirs in name."""

TELEGRAM, SENDER = "tests/channels/telegram/", "tests/bot/nudging/test_sender.py::"
HERE, ACCEPTANCE = "tests/faults/", "tests/acceptance/"

ROWS: dict[str, tuple[str, ...]] = {
    "T1": (
        ACCEPTANCE + "test_telegram_journey.py::test_stop_by_word_silences_a_bot_and_start_wakes_it",
        TELEGRAM + "test_outcome.py::test_an_error_means",
        "tests/storage/test_subscribers.py::test_who_cannot_be_reached_is_due_no_more_until_they_write_again",
    ),
    "T2": (HERE + "test_telegram.py::test_t2_who_is_gone_for_a_year_is_let_go_and_totals_stay",),
    "T3": (TELEGRAM + "test_outcome.py::test_an_error_means",),
    "T4": (
        TELEGRAM + "test_outcome.py::test_an_error_means",
        TELEGRAM + "test_polling.py::test_standing_changes_and_migrations_arrive",
    ),
    "T5": (
        TELEGRAM + "test_sending.py::test_a_group_that_moved_says_where_to",
        HERE + "test_telegram.py::test_t5_a_chat_that_moves_by_both_ways_in_either_order_is_one_chat",
    ),
    "T6": (
        SENDER + "test_a_hold_of_one_chat_is_obeyed_and_disturbs_nobody",
        SENDER + "test_a_hold_of_the_account_is_obeyed_by_all",
    ),
    "T7": (HERE + "test_telegram.py::test_t7_a_day_of_silence_sleeps_nowhere_and_slots_end_honestly",),
    "T8": (HERE + "test_telegram.py::test_t8_a_429_that_does_not_say_how_long_is_never_hammered",),
    "T9": (HERE + "test_telegram.py::test_t9_t33_bursts_of_errors_open_a_breaker_that_probes_and_closes",),
    "T10": (HERE + "test_telegram.py::test_t10_t11_in_doubt_a_nudge_is_not_repeated_and_an_alert_is_once",),
    "T11": (
        HERE + "test_telegram.py::test_t10_t11_in_doubt_a_nudge_is_not_repeated_and_an_alert_is_once",
        TELEGRAM + "test_transport.py::test_a_request_that_may_have_left_is_in_doubt",
    ),
    "T12": (TELEGRAM + "test_sending.py::test_the_receipt_says",),
    "T13": (
        TELEGRAM + "test_sending.py::test_our_mistake_is_sent_once_in_plain_form",
        HERE + "test_telegram.py::test_t13_a_story_that_is_refused_as_it_is_stops_after_three_and_is_named",
    ),
    "T14": (TELEGRAM + "test_sending.py::test_the_same_edit_twice_is_a_success",),
    "T15": (TELEGRAM + "test_polling.py::test_a_press_answered_too_late_harms_nothing",),
    "T16": (ACCEPTANCE + "test_health.py::test_a_refused_token_turns_health_red_and_stays_secret",),
    "T17": (
        TELEGRAM + "test_health.py::test_a_second_poller_makes_us_step_back_and_send_on",
        ACCEPTANCE + "test_health.py::test_a_rival_poller_turns_health_red",
    ),
    "T18": (
        TELEGRAM + "test_health.py::test_a_webhook_set_elsewhere_is_told_apart",
        TELEGRAM + "test_webhook.py::test_a_webhook_changed_elsewhere_is_set_again",
    ),
    "T19": (TELEGRAM + "test_health.py::test_a_frozen_account_is_red_until_something_is_sent",),
    "T20": (
        TELEGRAM + "test_webhook.py::test_the_same_update_again_has_no_second_effect",
        TELEGRAM + "test_polling.py::test_a_press_delivered_again_after_a_restart_is_answered",
    ),
    "T21": (HERE + "test_telegram.py::test_t21_stop_wins_over_taps_that_were_made_before_it_and_come_later",),
    "T22": (TELEGRAM + "test_polling.py::test_ids_that_start_anew_are_heard",),
    "T23": (
        TELEGRAM + "test_polling.py::test_a_poisoned_update_stops_nobody",
        TELEGRAM + "test_inbound.py::test_an_odd_update_never_raises",
    ),
    "T24": (
        TELEGRAM + "test_polling.py::test_a_press_is_answered_when_its_handler_fails",
        ACCEPTANCE + "test_doctor.py::test_an_update_that_was_set_aside_is_ill",
    ),
    "T25": (
        ACCEPTANCE + "test_crashes.py::test_three_hundred_taps_survive_ten_kills",
        TELEGRAM + "test_polling.py::test_an_offset_moves_only_after_the_commit",
    ),
    "T26": (HERE + "test_telegram.py::test_t26_t27_a_tap_that_never_came_leaves_its_ask_open",),
    "T27": (HERE + "test_telegram.py::test_t26_t27_a_tap_that_never_came_leaves_its_ask_open",),
    "T28": (TELEGRAM + "test_webhook.py::test_only_who_knows_the_secret_is_heard",),
    "T29": (TELEGRAM + "test_webhook.py::test_the_answer_does_not_wait_for_the_work",),
    "T30": (
        "tests/bot/conversation/test_asks.py::test_a_forged_button_changes_nothing_and_is_answered",
        "tests/bot/conversation/test_asks.py::test_another_persons_button_changes_nothing",
        "tests/bot/conversation/test_asks.py::test_an_old_button_of_a_dropped_action_says_so_and_offers_the_nearest",
    ),
    "T31": (
        TELEGRAM + "test_inbound.py::test_an_update_becomes_what_it_means",
        TELEGRAM + "test_fetching.py::test_what_is_too_big_is_not_fetched",
        TELEGRAM + "test_fetching.py::test_a_document_is_told_by_its_size_and_type_and_never_by_its_name",
        "tests/bot/conversation/test_photos.py::test_what_cannot_be_a_photo_is_refused_before_it_is_fetched",
    ),
    "T32": (HERE + "test_telegram.py::test_t32_a_loud_person_disturbs_nobody",),
    "T33": (HERE + "test_telegram.py::test_t9_t33_bursts_of_errors_open_a_breaker_that_probes_and_closes",),
    "T34": (TELEGRAM + "test_inbound.py::test_what_is_not_for_us_is_left_alone",),
    **dict.fromkeys(
        ("C1", "C2", "C3", "C4", "C5"),
        (
            "tests/actions/test_rhythm.py::test_a_slot_is_the_first_moment_at_or_after_the_wished_time",
            "tests/promises/test_slots.py::test_every_local_day_has_one_slot_whatever_the_clocks_do",
        ),
    ),
    "C6": (HERE + "test_time.py::test_c6_new_rules_of_zones_are_computed_anew_and_nobody_is_told_twice",),
    "C7": ("tests/actions/test_rhythm.py::test_a_move_of_zone_never_brings_two_nudges_within_half_a_day",),
    "C8": (
        HERE + "test_time.py::test_c8_leap_days_and_year_ends_are_sensible",
        HERE + "test_time.py::test_c8_a_week_that_spans_two_years_is_one_week",
    ),
    "C9": (
        HERE + "test_time.py::test_c9_a_clock_that_jumps_and_comes_back_doubles_nothing_and_misses_one_at_most",
        HERE + "test_time.py::test_c9_a_clock_that_says_1970_sends_nothing_and_forgets_nobody",
    ),
    "C10": (
        HERE + "test_time.py::test_c10_after_a_long_standstill_there_is_one_nudge_at_most",
        ACCEPTANCE + "test_fleet.py::test_a_process_that_stood_still_sends_nothing_it_had_in_hand",
    ),
    "C11": (HERE + "test_time.py::test_c11_c12_a_loop_that_was_blocked_plans_late_and_not_never",),
    "C12": (HERE + "test_time.py::test_c11_c12_a_loop_that_was_blocked_plans_late_and_not_never",),
    "C13": (
        HERE + "test_time.py::test_c13_all_who_are_due_at_once_are_planned_oldest_first_and_nobody_twice",
        "tests/bot/nudging/test_sender.py::test_nudges_that_the_rate_leaves_behind_are_skipped_and_say_so",
    ),
    "C14": (HERE + "test_time.py::test_c14_a_zone_that_is_no_more_keeps_its_hour_and_asks",),
    "D1": (HERE + "test_kills.py::test_every_message_of_killed_processes_is_accounted_for",),
    "D2": (HERE + "test_kills.py::test_every_message_of_killed_processes_is_accounted_for",),
    "D3": (HERE + "test_disk.py::test_d3_what_is_committed_was_handed_to_the_disk_before_anybody_hears_of_it",),
    "D5": (HERE + "test_disk.py::test_d5_a_disk_that_breaks_is_told_nobody_is_thanked_and_nothing_is_lost",),
    "D12": (HERE + "test_disk.py::test_d12_a_postgresql_that_turns_read_only_is_told_and_taken_up_again",),
    "D19": (HERE + "test_disk.py::test_d19_nothing_is_written_about_who_was_erased_while_a_message_flew",),
    "D22": (HERE + "test_disk.py::test_d22_an_export_of_everything_needs_little_memory",),
    "D4": (HERE + "test_database.py::test_d4_a_full_disk_is_told_and_nothing_that_was_taken_is_lost",),
    "D6": (HERE + "test_database.py::test_d6_a_database_that_somebody_else_holds_is_told_with_who_it_is",),
    "D7": ("tests/storage/test_store.py::test_many_writers_lose_nothing",),
    "D8": (
        ACCEPTANCE + "test_db.py::test_a_damaged_database_is_found_refused_and_replaced",
        "tests/storage/test_backup.py::test_damage_is_noticed",
    ),
    "D9": (
        HERE + "test_database.py::test_d9_a_file_that_is_taken_away_ends_the_process_and_there_are_never_two_truths",
    ),
    "D10": ("tests/storage/test_guard.py::test_a_network_drive_is_known",),
    "D11": (
        HERE + "test_database.py::"
        "test_d11_a_postgresql_that_is_away_for_a_while_is_told_and_nothing_is_lost_or_doubled",
    ),
    "D13": (ACCEPTANCE + "test_fleet.py::test_a_process_that_stood_still_sends_nothing_it_had_in_hand",),
    "D14": (
        HERE + "test_upgrades.py::test_d14_an_upgrade_killed_at_each_statement_is_old_or_new",
        HERE + "test_upgrades.py::test_d14_two_upgrades_at_once_make_one",
    ),
    "D15": (ACCEPTANCE + "test_db.py::test_a_newer_database_is_refused_by_every_command_in_one_sentence",),
    "D16": (
        "tests/storage/test_backup.py::test_a_backup_ends_while_others_write",
        "tests/storage/test_backup.py::test_who_was_erased_since_is_erased_from_the_backup_too",
        ACCEPTANCE + "test_db.py::test_a_backup_is_restored_held_and_released_by_run",
    ),
    "D17": (
        ACCEPTANCE + "test_crashes.py::test_a_second_server_on_the_same_database_steps_back",
        ACCEPTANCE + "test_health.py::test_a_rival_poller_turns_health_red",
    ),
    "D18": ("tests/season/test_season.py::test_every_promise_holds_through_a_season",),
    "D20": (HERE + "test_kills.py::test_every_message_of_killed_processes_is_accounted_for",),
    "D21": ("tests/storage/test_guard.py::test_a_sound_database_has_no_strays_and_a_stray_is_named",),
    "D23": (HERE + "test_database.py::test_d23_an_export_into_a_reader_that_goes_away_ends_quietly",),
}
