"""Faults that other systems shipped, and rows of our own list, that touch trust and service.

Each names the tests that would fail if it came back; this file only looks that they are there.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FAULTS: dict[str, tuple[str, ...]] = {
    "a deleted resident comes back with a backup": (
        "members/erasure/test_restore.py::test_an_older_backup_forgets_her_again",
        "members/erasure/test_restore.py"
        "::test_a_number_given_anew_after_the_restore_is_another_person",
    ),
    "a deleted resident is still named somewhere": (
        "members/erasure/test_no_trace.py::test_no_row_of_any_table_names_them",
        "members/erasure/test_places.py::test_every_text_column_says_what_becomes_of_it",
        "members/erasure/test_restore.py::test_files_logs_and_backups_made_afterwards_hold_nothing",
    ),
    "erasing one resident tears a neighbour's data": (
        "members/erasure/test_commands.py::test_neighbours_keep_what_is_theirs",
        "members/erasure/test_commands.py::test_a_name_two_residents_bear_is_left_to_the_other",
    ),
    "tampering passes as an erasure": (
        "members/erasure/test_journal.py::test_what_is_no_lawful_erasure_is_found",
    ),
    "a consent taken back lives on in a merged file": (
        "members/consents/test_consents.py::test_of_merged_files_the_newest_row_counts",
        "members/consents/test_consents.py::test_taking_a_merge_back_brings_no_consent_back",
    ),
    "a withdrawn birthday is still shown": (
        "members/consents/test_consents.py::test_taking_a_birthday_back_deletes_it_at_once",
    ),
    "health or a child in a note": (
        "shop/test_sensitive.py::test_no_column_is_there_for_it",
        "trade/orders/test_sensitive_notes.py::test_the_desk_does_not_type_it",
        "pages/test_privacy.py::test_a_note_about_health_keeps_what_was_typed_and_asks",
    ),
    "data kept past its time, or gone a day early": (
        "members/clean_up/test_clean_up.py"
        "::test_a_file_goes_the_day_its_time_is_over_and_not_before",
        "members/clean_up/test_clean_up.py::test_proof_goes_when_its_consent_has_ended_long_ago",
    ),
    "a whole phone number before staff": (
        "pages/test_staff_see_masked_phones.py::test_staff_see_masks_on_every_page_of_the_desk",
        "pages/test_staff_see_masked_phones.py"
        "::test_a_file_with_phones_shows_no_whole_one_in_its_preview",
    ),
    "no sale in the 7 days": (
        "trade/charged/test_queries.py::test_no_sale_in_the_window_gives_the_last_price",
        "trade/charged/test_rules.py::test_without_a_sale_in_the_window_the_last_price_counts",
    ),
    "a refunded sale in the 7 days": (
        "trade/charged/test_queries.py::test_a_refunded_sale_was_charged_to_nobody",
        "trade/charged/test_queries.py::test_an_order_refunded_whole_was_charged_to_nobody",
    ),
    "a price merely saved": (
        "trade/charged/test_queries.py::test_a_price_merely_saved_is_nothing_charged",
    ),
    "80, then 100, then 90": (
        "trade/charged/test_rules.py::test_80_then_100_then_90_compares_with_80",
        "trade/charged/test_queries.py::test_80_100_90",
        "trust/promotions/test_promotions.py::test_raised_first_and_lowered_then_shows",
    ),
    "cost lines that do not add up, on any page": (
        "trust/costs/test_rules.py::test_the_parts_always_add_up_to_the_price",
        "trust/books/test_histories.py::test_any_history_adds_up",
        "web/test_prices_hostile.py::test_every_page_of_hostile_goods_adds_up",
        "web/test_prices_hostile.py::test_tables_of_the_page_with_charts_add_up",
        "web/test_picture_and_page.py::test_picture_and_page_say_the_same_figures",
        "trust/costs/test_poster.py::test_the_long_picture_adds_up_line_by_line",
        "browser/test_residents.py::test_every_line_of_the_light_page_adds_up",
    ),
    "another figure in profit than on the sheet": (
        "trust/costs/test_draft.py::test_sheet_draft_and_profit_say_the_same_figure_by_figure",
        "trust/books/test_bags.py::test_profit_and_sheet_tell_the_same_packaging",
    ),
    "a published sheet that changes": (
        "trust/costs/test_sealing.py::test_the_database_refuses_to_change_a_sheet",
        "trust/costs/checking/test_checking.py::test_tampering_past_the_triggers_is_named",
        "trust/costs/checking/test_checking.py"
        "::test_a_sheet_rewritten_with_all_that_follow_is_still_found",
        "browser/test_trust_month.py::test_a_month_of_trust",
    ),
    "what was due while the program was off": (
        "shop/messages/test_sending.py::test_what_waited_while_the_program_was_off_is_sent_after_the_start",
        "trust/demands/test_commands.py::test_not_yet_keeps_reason_and_day",
    ),
    "A27 published, then withdrawn": (
        "trust/community/test_photos.py::test_a_stranger_sees_a_photo_only_while_it_is_published",
        "trust/community/test_photos.py::test_consent_taken_back_closes_the_door_at_the_next_look",
        "supply/traceability/test_evidence.py"
        "::test_a27_published_evidence_is_public_until_it_is_withdrawn",
    ),
    "B1 B2 B3 B7 one form saved twice": (
        "test_once.py::test_the_same_form_saved_twice_changes_the_books_once",
        "web/test_wishes.py::test_the_same_sending_twice_is_one_note",
    ),
    "B4 one key in many threads": (
        "shop/test_shop.py::test_the_same_form_in_twenty_threads_saves_once",
        "trust/costs/test_sealing.py"
        "::test_owners_and_tabs_publishing_at_once_keep_numbers_and_chain_whole",
    ),
    "B5 stopped at any statement": (
        "test_once.py::test_a_command_stopped_at_any_statement_leaves_nothing",
        "test_once.py::test_stopped_on_postgresql_it_leaves_nothing_either",
    ),
    "B8 two change one row": (
        "browser/test_trust_month.py::test_two_move_one_card_and_the_second_is_told",
        "trust/community/test_photos.py::test_two_at_one_photo_are_told",
        "trust/community/test_tips.py::test_a_stale_change_is_told",
        "trust/welfare/test_commands.py::test_two_owners_offer_one_item_at_once_and_one_is_told",
        "trust/demands/notes/test_notes.py::test_two_staff_deciding_at_once_are_told",
        "service/after_sales/test_commands.py"
        "::test_the_second_of_two_is_told_who_did_what_and_when",
    ),
    "a reminder whose hour passed while the program was off": (
        "service/reminders/test_commands.py"
        "::test_a_reminder_whose_hour_passed_while_the_program_was_off",
        "service/reminders/test_commands.py"
        "::test_after_its_slot_a_reminder_is_missed_and_the_second_list_takes_over",
        "service/reminders/test_commands.py::test_several_days_off_flood_nobody",
        "web/test_clockwork.py::test_the_shop_opens_with_its_clockwork_before_the_sender",
        "web/test_clockwork.py::test_a_reminder_appears_in_the_running_program_though_nobody_looks",
    ),
    "a reminder sent twice": (
        "service/reminders/test_commands.py::test_two_processes_on_postgresql_send_one_reminder",
        "service/reminders/test_commands.py::test_two_that_look_at_the_same_moment_send_one_reminder",
        "service/reminders/test_commands.py"
        "::test_looking_again_makes_nothing_twice_and_writes_nothing",
        "service/reminders/test_commands.py::test_stopped_at_any_statement_it_leaves_nothing",
    ),
    "B11 the last place of a pickup slot": (
        "service/pickup/test_slots.py"
        "::test_of_two_who_move_into_the_last_place_one_wins_and_one_is_asked",
    ),
    "B11 the last unit of a welfare item": (
        "trust/welfare/test_commands.py::test_the_last_unit_of_a_welfare_item_goes_to_one_of_two",
        "trust/welfare/test_commands.py"
        "::test_two_people_of_one_home_share_the_limit_across_both_rounds",
    ),
    "C12 C13 pages and commands of others": (
        "test_once.py::test_who_may_not_is_refused_and_nothing_changes",
        "pages/test_every_page.py::test_staff_cannot_open_a_page_of_the_owner",
        "pages/test_every_page.py::test_a_page_run_past_the_frame_shows_a_stranger_only_the_door",
        "web/test_preview.py::test_it_is_for_the_owner_only",
    ),
    "C16 forms of another site": ("web/test_wishes.py::test_another_sites_page_cannot_send",),
    "D1 D2 markup that is drawn": (
        "pages/test_markup.py::test_no_page_draws_what_was_typed",
        "web/test_wishes.py::test_markup_stays_text",
    ),
    "D3 D4 cells that run": ("shop/test_export.py::test_no_cell_runs",),
    "D11 something personal in public": (
        "web/test_nothing_personal.py::test_a_secret_in_every_column_stays_inside",
        "web/test_nothing_personal.py::test_promotions_tell_price_and_proof_and_nothing_else",
        "pages/test_nothing_personal.py::test_a_secret_in_every_column_stays_inside",
        "browser/test_trust_month.py::test_a_month_of_trust",
    ),
    "D12 E14 what the shop pays, shown to staff": (
        "pages/test_staff_see_no_cost.py::test_a_page_looks_the_same_whatever_the_shop_pays",
        "browser/test_trust_month.py::test_a_month_of_trust",
    ),
    "E9 the clock jumps": (
        "service/reminders/test_commands.py::test_a_clock_that_is_turned_back_makes_nothing_twice",
        "service/reminders/test_rules.py::test_deadlines_are_the_shops_whatever_the_server_says",
        "shop/messages/test_sending.py::test_a_clock_that_was_a_day_ahead_holds_nothing_up",
        "shop/messages/test_sending.py"
        "::test_a_sender_that_vanished_before_the_clock_was_put_back_is_given_up",
    ),
    "F-13 health or a child in what is kept or printed of a delivery": (
        "service/delivery/test_health.py::test_what_tells_of_health_or_a_child_is_refused",
        "service/delivery/test_health.py::test_how_to_hand_over_passes",
        "service/delivery/needs/test_needs.py::test_what_is_refused_leaves_nothing",
        "service/delivery/needs/test_needs.py::test_nothing_of_a_hint_is_in_the_journal",
        "service/delivery/needs/test_needs.py::test_residents_and_strangers_see_no_need",
        "web/test_prints.py::test_the_walking_list_says_how_and_never_why",
        "pages/test_delivery.py::test_a_residents_words_about_health_are_not_on_the_page",
    ),
    "consent taken back, and the data stays": (
        "service/delivery/needs/test_needs.py"
        "::test_consent_taken_back_deletes_the_hint_and_keeps_the_proof",
        "service/delivery/needs/test_needs.py"
        "::test_hints_of_needs_that_ran_out_are_forgotten_by_themselves",
    ),
    "delivery free or not at 29.99, 30.00 and 30.01": (
        "trade/orders/delivery/test_rules.py::test_free_from_thirty_yuan",
        "trade/orders/delivery/test_rules.py::test_nothing_to_pay_and_nothing_missing",
        "trade/orders/delivery/test_commands.py"
        "::test_a_partial_refund_of_bad_goods_keeps_delivery_free",
    ),
    "a message sent twice": (
        "shop/messages/test_sending.py::test_two_senders_at_once_send_once",
        "shop/messages/test_sending.py"
        "::test_a_program_killed_between_sending_and_booking_does_not_send_again",
    ),
    "reply and status in one step": (
        "service/after_sales/test_commands.py"
        "::test_a_reply_and_a_new_state_in_one_step_still_record_the_first_reply",
        "service/after_sales/test_commands.py"
        "::test_solving_a_case_nobody_answered_records_the_first_reply_too",
    ),
    "a reply meets the first clock only": (
        "service/after_sales/test_commands.py::test_a_first_reply_meets_the_first_clock_only",
        "service/after_sales/test_commands.py::test_a_second_reply_is_no_first_one",
    ),
    "pausing moves the first clock": (
        "service/after_sales/test_commands.py::test_pausing_never_moves_the_first_clock",
    ),
    "pausing twice counts twice": (
        "service/after_sales/test_commands.py::test_pausing_twice_does_not_count_twice",
        "service/after_sales/test_clocks.py::test_pauses_that_overlap_count_once",
    ),
    "late is how late, not how old": (
        "service/after_sales/test_clocks.py::test_late_is_how_late_not_how_old",
        "service/after_sales/test_clocks.py"
        "::test_a_met_clock_says_how_late_it_was_met_whatever_time_it_is",
    ),
    "merged and closed cases on the overdue list": (
        "service/after_sales/test_merging.py::test_the_one_that_was_joined_leaves_the_overdue_list",
        "service/after_sales/test_commands.py"
        "::test_withdrawn_cases_leave_the_overdue_list_but_what_ran_out_stays",
    ),
    "reopening erases a breach": (
        "service/after_sales/test_commands.py::test_opening_again_erases_no_breach",
        "service/after_sales/test_merging.py"
        "::test_breaches_of_both_stay_visible_and_are_not_doubled",
    ),
    "F-12 clocks of 500 cases": (
        "service/after_sales/test_clocks.py"
        "::test_500_cases_agree_with_a_clock_that_walks_minute_by_minute",
        "service/after_sales/test_week.py::test_every_breach_of_a_week_agrees_with_the_diary",
        "service/test_simulated_week.py::test_a_week_agrees_with_its_diary",
    ),
    "late on the very day, found the day after": (
        "service/after_sales/test_breaches.py"
        "::test_owed_goods_are_late_a_minute_after_their_moment",
    ),
    "a late reply forgotten with a merge taken apart": (
        "service/after_sales/test_merging.py"
        "::test_a_reply_while_joined_that_came_too_late_is_a_broken_promise_of_both",
    ),
    "a refund taken back from another purchase": (
        "service/after_sales/test_hostile.py"
        "::test_a_solution_stays_with_the_purchase_it_was_given_for",
    ),
    "a complaint set off against money paid too much": (
        "service/after_sales/test_hostile.py"
        "::test_a_complaint_is_paid_beside_what_was_paid_too_much",
    ),
    "weighed or cancelled after the refund": (
        "service/after_sales/test_hostile.py"
        "::test_weighed_down_after_the_refund_nothing_is_charged_twice",
        "service/after_sales/test_hostile.py::test_weighed_below_what_was_taken_off_is_refused",
        "service/after_sales/test_hostile.py"
        "::test_a_cancelled_order_has_nothing_left_to_pay_back_for_a_complaint",
    ),
    "a breach nobody looked at": (
        "service/after_sales/test_breaches.py"
        "::test_a_promise_that_ran_out_is_written_though_nobody_looks",
        "service/after_sales/test_breaches.py"
        "::test_a_clock_met_late_between_two_looks_is_written_by_what_met_it",
        "service/after_sales/test_breaches.py"
        "::test_two_processes_that_look_at_once_write_each_promise_once",
    ),
    "children shown without consent": (
        "trust/community/test_photos.py::test_publishing_children_without_consent_is_refused",
        "trust/community/test_photos.py::test_a_stranger_never_gets_children_without_consent",
    ),
    "residents' photos: a file of 0 bytes, at and beyond the limit (A13)": (
        "web/test_help.py::test_exactly_the_largest_photo_is_taken_and_one_byte_more_is_not",
        "web/test_help.py::test_what_is_no_sound_photo_is_said_and_the_sound_ones_are_taken",
    ),
    "residents' photos fill the memory (A20)": (
        "web/test_help.py::test_memory_does_not_grow_with_what_is_sent",
    ),
    "residents' reports without end (A21)": (
        "web/test_help.py::test_too_many_reports_are_asked_to_wait_before_a_picture_is_opened",
        "web/test_help.py::test_what_lacks_something_costs_no_report_but_not_without_end",
        "web/test_case_page.py::test_messages_are_slowed_down",
    ),
    "a report without length, too large, or that trickles (A23)": (
        "web/test_help.py::test_a_form_beyond_everything_is_turned_away",
        "web/test_help.py::test_a_body_that_stops_is_ended_and_leaves_nothing",
    ),
    "the line breaks in the middle of a report (A24)": (
        "web/test_help.py::test_a_sender_who_goes_away_leaves_nothing",
    ),
    "a guessed case number (C13)": (
        "web/test_case_page.py::test_a_guessed_number_or_address_shows_nothing",
        "web/test_case_page.py::test_unknown_run_out_and_revoked_addresses_look_alike",
    ),
    "a private address in the journal or the books": (
        "web/test_case_page.py::test_the_journal_and_the_form_keys_name_no_token",
        "web/test_help.py::test_no_address_of_a_phone_and_no_token_is_kept",
    ),
    "a secret in every column and a private page (F-13)": (
        "web/test_nothing_personal.py::test_a_private_page_tells_of_its_case_only",
    ),
    "a month without deliveries is said, not scored": (
        "service/ledger/test_causes.py::test_a_month_without_deliveries_is_said_not_scored",
        "service/ledger/test_letters.py::test_a_month_without_deliveries_is_said_not_scored",
        "pages/test_letters.py::test_a_month_without_deliveries_is_said",
    ),
    "created on the last day of a month": (
        "service/ledger/test_causes.py::test_created_on_the_last_day_of_a_month",
        "service/ledger/test_causes.py::test_a_supplier_entered_after_the_month_is_not_in_it",
        "service/ledger/test_letters.py::test_created_on_the_last_day_of_a_month",
    ),
    "late is how late, not how old, also in the ledger": (
        "service/ledger/test_ledger.py::test_late_is_how_late_and_never_how_old",
    ),
    "withdrawing, joining or opening again betters a figure": (
        "service/ledger/test_figures.py::test_withdrawing_betters_no_figure",
        "service/ledger/test_figures.py::test_a_double_counts_once_with_what_was_broken",
        "service/ledger/test_figures.py::test_opened_again_the_first_turn_counts",
    ),
    "one complaint claimed twice": (
        "service/ledger/test_letters.py"
        "::test_a_letter_makes_its_claim_and_nothing_is_claimed_twice",
        "service/ledger/test_letters.py::test_two_owners_at_once_claim_once",
    ),
    "a resident in a supplier's paper": (
        "service/ledger/test_letters.py::test_a_letter_names_no_resident_and_no_other_supplier",
        "web/test_case_papers.py::test_a_letter_is_one_page_that_stands_alone",
        "web/test_case_papers.py::test_the_ledger_with_photos_names_nobody",
    ),
    "B9 one case refunded by two at once": (
        "service/after_sales/remedies/test_commands.py"
        "::test_two_staff_refund_one_case_at_once_and_it_is_refunded_once",
    ),
    "pickup of an order with one refunded line": (
        "service/after_sales/remedies/test_commands.py"
        "::test_pickup_of_an_order_with_one_refunded_line",
    ),
    "less than the pledge": (
        "service/after_sales/remedies/test_rules.py"
        "::test_less_is_refused_unless_the_resident_wished_it",
        "service/after_sales/remedies/test_commands.py"
        "::test_what_was_offered_and_what_was_accepted_are_both_kept",
    ),
    "shares of one line that do not add up": (
        "service/after_sales/remedies/test_rules.py"
        "::test_shares_of_several_cases_on_one_line_add_up",
        "service/after_sales/remedies/test_commands.py"
        "::test_shares_of_three_cases_on_one_line_add_up_to_the_fen",
    ),
    "owed goods given twice, or more than was owed": (
        "service/owed/test_commands.py::test_two_people_never_give_the_same_goods",
        "service/owed/test_commands.py::test_the_ledger_is_the_balance_whatever_happens",
        "service/pickup/test_promised.py::test_two_at_the_counter_never_give_owed_goods_twice",
    ),
    "stopped or expired goods given as a replacement": (
        "service/owed/test_commands.py::test_stopped_or_expired_goods_do_not_go_out",
        "service/pickup/test_promised.py::test_owed_goods_of_a_stopped_batch_stay_and_hold_nothing_else_up",
    ),
    "a recall that misses who got a replacement": (
        "service/owed/test_commands.py::test_a_recall_reaches_who_got_replaced_goods",
    ),
    "a pledge that costs nothing in the books": (
        "trust/books/test_promises.py"
        "::test_profit_and_sheet_say_the_same_and_settled_days_stay_right",
        "trust/books/test_by_hand.py::test_the_books_say_what_a_count_by_hand_says",
    ),
    "redeem with a remainder": (
        "members/rewards/test_redeem.py::test_redeemed_with_a_remainder_the_rest_stays",
        "members/rewards/test_rules.py"
        "::test_redeemed_as_often_as_possible_less_than_one_reward_remains",
        "pages/test_rewards.py::test_several_at_once_handed_over_now",
    ),
    "the same points spent twice": (
        "members/rewards/test_redeem.py::test_two_browsers_cannot_spend_the_same_points",
        "members/rewards/test_redeem.py::test_the_same_form_redeems_once",
    ),
    "one coupon used twice": (
        "members/rewards/test_coupons.py::test_a_coupon_is_used_once",
        "members/rewards/test_coupons.py::test_two_browsers_use_one_coupon_at_once_and_one_wins",
    ),
    "a coupon paid out in cash": (
        "members/rewards/test_coupons.py::test_refunds_never_give_it_out_as_cash",
        "members/rewards/test_coupons.py"
        "::test_a_cancelled_order_frees_it_and_restored_it_comes_without",
        "trade/payments/test_rules.py::test_a_coupon_is_never_paid_out_and_never_pays_for_delivery",
    ),
    "two browsers giving the same gift at once": (
        "members/gifts/test_at_once.py::test_two_browsers_giving_one_gift_give_one",
        "members/gifts/test_at_once.py::test_two_browsers_at_two_members_of_one_household_give_one",
        "members/gifts/test_at_once.py::test_the_database_itself_refuses_a_second_gift_of_one_key",
        "pages/test_gifts.py::test_who_comes_second_is_told_who_gave",
    ),
    "a second gift for a merged file, or after moving": (
        "members/gifts/test_commands.py::test_merged_files_are_one_person_and_get_one_gift",
        "members/gifts/test_festivals.py::test_moving_brings_no_second_gift",
        "members/gifts/test_festivals.py::test_a_gift_of_a_merged_file_counts",
    ),
    "29 February": (
        "members/birthdays/test_rules.py::test_29_february_by_setting",
        "members/birthdays/test_birthdays.py::test_the_settings_decide_in_the_look_up",
    ),
    "a birthday in a lunar leap month": (
        "members/birthdays/test_rules.py"
        "::test_a_leap_month_birthday_is_kept_in_the_ordinary_month_of_other_years",
        "members/birthdays/test_rules.py::test_a_month_that_comes_twice",
        "members/birthdays/test_rules.py"
        "::test_who_keeps_both_months_has_two_days_in_one_lunar_year",
        "members/birthdays/test_rules.py::test_the_leap_eleventh_month_of_2033",
    ),
    "lunar 12/30 in a month of 29 days": (
        "members/birthdays/test_rules.py::test_day_30_of_a_month_of_29_days_is_kept_on_the_29th",
        "kernel/test_festivals.py::test_new_years_eve_is_the_day_before_also_of_a_short_month",
    ),
    "a lunar birthday that falls in next January, twice in a year or never": (
        "members/birthdays/test_rules.py"
        "::test_one_that_falls_in_next_january_counts_for_this_lunar_year",
        "members/birthdays/test_rules.py::test_twice_in_one_year_and_never_in_the_next",
        "members/birthdays/test_birthdays.py"
        "::test_one_of_the_lunar_year_that_falls_in_next_january",
    ),
    "days that lunar calendars get wrong": (
        "kernel/test_lunar.py::test_every_day_of_1940_to_2060_is_what_moon_and_sun_say",
        "kernel/test_lunar.py::test_days_that_calendars_got_wrong",
    ),
    "D8 birthdays: 29 February, 1900-01-01, tomorrow, lunar text, 1/2/03": (
        "members/birthdays/test_spellings.py::test_what_cannot_be_is_refused_with_what_to_do",
        "members/birthdays/test_spellings.py::test_lunar",
        "members/birthdays/test_spellings.py::test_a_calendar_that_nobody_said_is_asked",
        "pages/test_birthdays.py::test_what_cannot_be_read_says_what_to_do",
    ),
    "a birthday of a child, or in the journal": (
        "members/birthdays/test_birthdays.py::test_what_cannot_be_is_refused_whoever_asks",
        "members/birthdays/test_birthdays.py::test_the_journal_does_not_know_the_day",
    ),
    "a lunar birthday twice in one solar year, a gift for each lunar year": (
        "members/gifts/test_queries.py"
        "::test_a_lunar_birthday_that_comes_twice_in_a_year_has_a_gift_each",
        "members/gifts/test_queries.py::test_a_birthday_kept_in_both_leap_months_has_one_gift",
    ),
    "gifts booked as loss or as sales": (
        "members/gifts/test_books.py::test_gifts_are_a_line_of_their_own_and_no_loss",
        "members/gifts/test_books.py::test_a_gift_is_no_sale_also_when_its_batch_comes_later",
    ),
    "the same order event counted twice in points": (
        "members/points/test_following.py::test_the_same_order_event_twice_counts_once",
        "members/points/test_settling.py"
        "::test_two_processes_that_look_at_once_settle_each_order_once",
    ),
    "a return after the points were spent": (
        "members/points/test_following.py"
        "::test_return_after_the_points_were_spent_is_owed_and_never_clamped",
        "pages/test_points.py::test_who_owes_points_is_named_and_nothing_is_clamped",
    ),
    "two partial returns of one order": (
        "members/points/test_following.py::test_two_partial_returns_of_one_order",
    ),
    "an order cancelled, then refunded": (
        "members/points/test_following.py::test_cancelled_then_refunded_takes_the_points_once",
    ),
    "points redeemed with a remainder": (
        "members/points/test_following.py::test_redeeming_leaves_the_remainder",
    ),
    "a command that forgets the points": (
        "members/points/test_everywhere.py"
        "::test_after_every_command_the_ledger_says_what_the_books_give",
        "members/points/test_histories.py::test_the_ledger_says_what_a_second_reckoning_says",
    ),
    "a promise of points changed afterwards": (
        "members/points/test_following.py::test_an_order_placed_before_a_change_keeps_its_rule",
        "members/rewards/test_catalogue.py::test_coupons_that_were_given_keep_their_terms",
        "members/rewards/test_catalogue.py"
        "::test_a_change_holds_at_once_and_the_old_terms_stay_readable",
    ),
    "points that cost nothing in the books, or twice": (
        "trust/books/test_refunds.py"
        "::test_a_coupon_is_a_cost_of_points_and_leaves_the_revenue_alone",
        "trust/books/test_refunds.py::test_a_points_cost_typed_by_hand_stands_instead_of_the_books",
        "trust/books/test_promises.py"
        "::test_goods_given_for_points_count_once_as_points_at_what_they_cost",
    ),
    "what is known of a member decides a price": (
        "members/habits/test_never_a_price.py"
        "::test_no_code_that_makes_prices_reads_what_a_member_likes",
    ),
    "a liking kept without consent, or after it": (
        "members/habits/test_likings.py::test_nothing_is_kept_without_consent",
        "members/habits/test_likings.py::test_consent_taken_back_leaves_nothing",
        "members/habits/test_likings.py::test_the_journal_never_says_what_somebody_likes",
    ),
    "a merge that does other than its preview": (
        "members/habits/test_doubles.py::test_the_preview_says_what_merging_then_does",
        "members/habits/test_likings.py"
        "::test_merged_files_are_read_as_one_and_the_newer_decision_counts",
        "members/habits/test_seen.py"
        "::test_a_merge_is_reckoned_at_the_next_look_and_so_is_taking_it_back",
    ),
    "somebody missed who was just here, or written to twice": (
        "members/habits/test_seen.py::test_who_ordered_or_came_since_is_missed_no_more",
        "members/habits/test_seen.py::test_nobody_is_written_to_twice_within_a_month",
        "members/habits/test_seen.py::test_a_merged_file_was_written_to_as_well",
    ),
}


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_tests(fault: str) -> None:
    for test in FAULTS[fault]:
        path, name = test.split("::")
        assert name in functions(path), test
